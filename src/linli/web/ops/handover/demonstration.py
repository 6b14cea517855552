"""Notes of the demonstration: two shifts and a message of the cast's post. All synthetic."""

from linli.web.demonstration.scene import Scene
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.actions.action import perform
from linli.web.ops.handover.actions import CloseItem, ReadNote, WriteNote
from linli.web.ops.handover.models import Note, OpenItem

__all__ = ["fill"]


def fill(scene: Scene) -> None:
    """A night's hand-over that left two things, one done since, a day's, and a message."""
    board = scene.stage.post.pk
    night = perform(
        WriteNote(
            board_id=board,
            kind=Note.Kind.HANDOVER,
            shift=Note.Shift.NIGHT,
            shift_on=local_day(scene.ago(days=1)),
            text="夜间巡逻两次，农贸市场后巷照明不足；23:40 处理噪声一起，已劝停。",
            items=("联系供电所查看后巷路灯", "上午回访噪声诉求提出人"),
        ),
        scene.actors("fujing"),
        scene.ago(days=1),
    )
    perform(ReadNote(note_id=night.pk), scene.actors("minjing"), scene.ago(hours=23))
    item = OpenItem.objects.filter(organisation_id=board).latest("pk")
    perform(CloseItem(item_id=item.pk, remark="已回访，满意"), scene.actors("minjing"), scene.ago(hours=20))
    perform(
        WriteNote(
            board_id=board,
            kind=Note.Kind.HANDOVER,
            shift=Note.Shift.DAY,
            shift_on=local_day(scene.ago(hours=8)),
            text="白天走访商铺 12 家，发现一处安全出口堆物，已开整改通知。",
            items=("三天后复查安全出口",),
        ),
        scene.actors("minjing"),
        scene.ago(hours=8),
    )
    text = "周五下午三点在村委会召开居民会议，请网格员提前通知。"
    perform(WriteNote(board_id=board, text=text), scene.actors("zhuli"), scene.ago(hours=3))
