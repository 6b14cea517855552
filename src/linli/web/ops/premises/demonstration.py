"""Made-up premises and inspections in different states, for trying Linli out."""

import datetime as dt
import io
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from linli.web.demonstration.scene import Scene
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.models import Case
from linli.web.ops.premises.actions.base import local_day
from linli.web.ops.premises.actions.files import Upload
from linli.web.ops.premises.actions.notices import GiveEvidence, Recheck, ServeNotice
from linli.web.ops.premises.actions.papers import AwardHonour, FilePlan, IssueLetter, RecordDrill, SignLetter
from linli.web.ops.premises.actions.places import AddPoint, RecordMeeting, RecordPresence, SurveyCourtyard
from linli.web.ops.premises.actions.planning import MakeDraw, PlanInspection
from linli.web.ops.premises.actions.register import Details, RegisterPremises
from linli.web.ops.premises.actions.sheets import Given, SaveSheet
from linli.web.ops.premises.checklists import items_of
from linli.web.ops.premises.models import Inspection, Letter, Premises

__all__ = ["fill"]

PREMISES = (
    ("shop", "惠民商场", "Huimin Mall", "N13"),
    ("shop", "合成老面馆", "Old Noodle House", ""),
    ("shop", "便利连锁一店", "Corner Shop No. 1", ""),
    ("shop", "永安五金建材", "Yongan Hardware", ""),
    ("shop", "城南农贸市场", "South Farmers' Market", "N13"),
    ("shop", "阳光药房", "Sunshine Pharmacy", ""),
    ("shop", "金秤珠宝", "Gold Scale Jewellery", "N2"),
    ("venue", "星光影院", "Starlight Cinema", "N13"),
    ("venue", "青年网咖", "Youth Net Café", ""),
    ("venue", "好声音歌城", "Good Voice Karaoke", ""),
    ("hotel", "悦来旅馆", "Yuelai Inn", ""),
    ("hotel", "合成宾馆", "Hecheng Hotel", "N13"),
    ("hotel", "驿路民宿", "Post Road Guest House", ""),
    ("school", "合成第一小学", "Hecheng No. 1 Primary School", "N14"),
    ("unit", "县自来水厂", "County Waterworks", "N2"),
    ("unit", "农村信用社营业部", "Rural Credit Office", "N2"),
    ("unit", "县人民医院", "County Hospital", "N13"),
    ("unit", "加油站（城东）", "Petrol Station East", "N13"),
    ("unit", "粮食储备库", "Grain Store", "N13"),
    ("courtyard", "和平里 1 号院", "Heping Lane Courtyard 1", ""),
    ("courtyard", "和平里 3 号院", "Heping Lane Courtyard 3", ""),
    ("courtyard", "纺织厂家属院", "Textile Works Courtyard", ""),
    ("housing", "合成新苑一期", "Hecheng Gardens, phase 1", ""),
    ("housing", "滨河花园", "Riverside Gardens", ""),
    ("shop", "春来理发店", "Spring Barber", ""),
)
HOURS = {"shop": "08:00–22:00", "venue": "12:00–02:00", "hotel": "全天", "school": "07:30–17:30"}


def fill(scene: Scene) -> None:
    """Some 25 premises with papers, and inspections in every state."""
    _Filling(scene).everything()


@dataclass(frozen=True)
class _Filling:
    scene: Scene

    def everything(self) -> None:
        made = {name: self._register(kind, name, english, clause) for kind, name, english, clause in PREMISES}
        self._papers(made)
        self._courtyards(made)
        self._school(made["合成第一小学"])
        self._inspections(made)
        self._draw()

    @property
    def officer(self) -> Actor:
        return self.scene.actors("minjing")

    def day(self, days: float) -> dt.date:
        return local_day(self.scene.ago(days=-days))

    def do(self, action: Any, days: float = 0, who: str = "minjing") -> Any:
        return perform(action, self.scene.actors(who), self.scene.ago(days=-days))

    def _register(self, kind: str, name: str, english: str, clause: str) -> Premises:
        scene, place = self.scene, self.scene.stage.place
        address = scene.somewhere()
        near = address if address.place_code == place.code else None
        longitude, latitude = (
            (near.longitude, near.latitude)
            if near is not None
            else (
                place.longitude + scene.rng.uniform(-0.004, 0.004),
                place.latitude + scene.rng.uniform(-0.003, 0.003),
            )
        )
        details = Details(
            kind=kind,
            name=name,
            name_en=english,
            address=near.text if near is not None else f"{place.name}合成路 {scene.rng.randint(1, 180)} 号",
            address_code=near.code if near is not None else "",
            longitude=round(longitude, 6),
            latitude=round(latitude, 6),
            organisation_id=scene.stage.unit.pk if name == "惠民商场" else None,
            key_clause=clause,
            opening_hours=HOURS.get(kind, ""),
            alarm_linked_on=self.day(-400) if clause == "N2" else None,
            duty_telephone=f"0000-{scene.rng.randint(1000000, 9999999)}"
            if kind not in ("courtyard",)
            else None,
        )
        premises: Premises = self.do(
            RegisterPremises(details=details), -scene.rng.randint(20, 50), "suozhang"
        )
        return premises

    def _papers(self, made: dict[str, Premises]) -> None:
        for name, days in (("惠民商场", 345), ("星光影院", 340), ("合成宾馆", 20), ("合成第一小学", 350)):
            self._letter(made[name], days)
        self.do(IssueLetter(premises_id=made["悦来旅馆"].pk), -2)
        for name in ("惠民商场", "县自来水厂", "县人民医院"):
            plan = FilePlan(premises_id=made[name].pk, dated=self.day(-200), file=_picture("应急预案.png"))
            self.do(plan, -15)
        drill = RecordDrill(premises_id=made["县自来水厂"].pk, held_on=self.day(-40), participants=36)
        self.do(drill, -14)
        praise = AwardHonour(
            premises_id=made["县自来水厂"].pk, kind="commended", reason="值班巡逻制度落实，连续检查无隐患"
        )
        self.do(praise, -5, "suozhang")

    def _letter(self, premises: Premises, days: int) -> None:
        self.do(IssueLetter(premises_id=premises.pk), -18)
        letter = Letter.objects.get(premises=premises, signed_on=None)
        sign = SignLetter(
            premises_id=premises.pk,
            letter_id=letter.pk,
            signed_on=self.day(-16),
            expires_on=self.day(days),
            scan=_picture("责任书扫描件.png"),
        )
        self.do(sign, -16)

    def _courtyards(self, made: dict[str, Premises]) -> None:
        for name, basis, staffed, volunteers, security in (
            ("和平里 1 号院", "guarded", True, 6, 8),
            ("和平里 3 号院", "good", True, 4, 6),
            ("纺织厂家属院", "fair", False, 9, 3),
        ):
            survey = SurveyCourtyard(
                premises_id=made[name].pk,
                surveyed_on=self.day(-12),
                basis=basis,
                staffed=staffed,
                volunteers=volunteers,
                doors=8,
                security_doors=security,
            )
            self.do(survey, -12)

    def _school(self, school: Premises) -> None:
        for kind, point in (
            ("gate", "正门"),
            ("gate", "北门"),
            ("main_road", "学府路"),
            ("side_street", "书院巷"),
        ):
            owner = None if point == "书院巷" else self.scene.stage.post.pk
            self.do(AddPoint(premises_id=school.pk, kind=kind, point=point, owner_id=owner), -11)
        points = list(school.points.values_list("pk", flat=True))
        for days in range(1, 6):
            for hour in ("opening", "closing"):
                present = {point: self.scene.rng.random() < 0.9 for point in points}
                presence = RecordPresence(
                    premises_id=school.pk, day=self.day(-days), hour=hour, present=present
                )
                self.do(presence, 0, "fujing")
        self.do(RecordMeeting(premises_id=school.pk, held_on=self.day(-9), subject="新学期护学岗安排"), -8)

    def _inspections(self, made: dict[str, Premises]) -> None:
        self._sheet(self._begun(made["县自来水厂"], -10), -10)
        self._sheet(self._begun(made["合成新苑一期"], -9, "acceptance"), -9)
        mended = self._sheet(self._begun(made["合成宾馆"], -14), -14, "exit_signs", days=6)
        self._answer(mended, -9, "minjing", "已更换疏散指示标志两处")
        self.do(Recheck(case_id=mended.pk, fixed={"exit_signs": True}, note="现场复查合格"), -8)
        waiting = self._sheet(self._begun(made["惠民商场"], -3), -3, "exits", "charging", days=4)
        self.do(ServeNotice(case_id=waiting.pk, served_on=self.day(-3), how="in_person"), -3)
        late = self._sheet(self._begun(made["好声音歌城"], -8), -8, "extinguishers", days=5)
        self.do(ServeNotice(case_id=late.pk, served_on=self.day(-8), how="left"), -8)
        answered = self._sheet(self._begun(made["青年网咖"], -6), -6, "exits", days=5)
        self._answer(answered, -1, "fujing", "安全出口堆放的纸箱已清走")
        self._begun(made["悦来旅馆"], 0)
        for name, days in (("合成老面馆", 0), ("金秤珠宝", 1), ("合成第一小学", 2)):
            self._planned(made[name], days)

    def _planned(self, premises: Premises, days: int, occasion: str = "scheduled", at: float = 0) -> Case:
        plan = PlanInspection(premises_id=premises.pk, occasion=occasion, planned_for=self.day(days))
        self.do(plan, at)
        return plan.case

    def _begun(self, premises: Premises, days: int, occasion: str = "scheduled") -> Case:
        case = self._planned(premises, days, occasion, at=days)
        begun: Case = self.do(Move(case_id=case.pk, step="begin"), days)
        return begun

    def _sheet(self, case: Case, at: float, *bad: str, days: int = 0) -> Case:
        inspection = Inspection.objects.select_related("checklist").get(case=case)
        answers = {
            item.id: Given("no", _REMARKS[item.id]) if item.id in bad else Given("yes")
            for item in items_of(inspection.checklist.items)
        }
        photos = tuple((item, _picture("现场照片.png")) for item in bad)
        fix_by = self.day(at + days) if bad else None
        sheet = SaveSheet(case_id=case.pk, answers=answers, photos=photos, finish=True, fix_by=fix_by)
        done: Case = self.do(sheet, at)
        return done

    def _answer(self, case: Case, at: float, who: str, text: str) -> None:
        self.do(GiveEvidence(case_id=case.pk, text=text, files=(_picture("整改照片.png"),)), at, who)

    def _draw(self) -> None:
        place = self.scene.stage.place
        draw = MakeDraw(
            station=place.station_code,
            beat=place.beat_code,
            kinds=("shop", "hotel"),
            size=3,
            seed=f"{self.scene.rng.getrandbits(64):016x}",
            planned_for=self.day(1),
        )
        self.do(draw)


_REMARKS = {
    "exits": "东侧安全出口被货架占用，通道宽度不足",
    "charging": "仓库门口有两辆电动自行车充电",
    "exit_signs": "二楼两处疏散指示标志不亮",
    "extinguishers": "前厅三具灭火器已过有效期",
}


def _picture(name: str) -> Upload:
    """A drawing that stands for a photo: no picture of a real place is shipped."""
    image = Image.new("RGB", (480, 320), (226, 231, 238))
    pen = ImageDraw.Draw(image)
    pen.rectangle((150, 60, 330, 300), outline=(60, 80, 110), width=6)
    pen.rectangle((90, 220, 220, 300), fill=(160, 130, 96))
    pen.rectangle((250, 240, 390, 300), fill=(186, 156, 118))
    piece = io.BytesIO()
    image.save(piece, "PNG")
    return Upload(name, piece.getvalue())
