// The icons that screens may name, by their names in Tabler Icons.
export const ICONS = `
adjustments-horizontal alarm alert-circle alert-triangle archive arrow-back-up arrow-left arrow-right arrows-sort bell
briefcase building building-community building-store bulb calendar calendar-event camera certificate chart-bar check
checklist chevron-down chevron-left chevron-right circle-check circle-dot clipboard-list clock clock-pause copy
current-location database device-desktop device-mobile diamond dots dots-vertical download droplet edit external-link eye
eye-off file-download file-spreadsheet file-text file-upload filter fingerprint flag flame gavel git-merge hand-stop
heart-handshake help-circle history home home-2 id-badge-2 inbox info-circle key keyboard language layout-dashboard
license lifebuoy link list list-check lock login logout mail map-2 map-pin menu-2 message-2 messages moon notebook notes
paperclip phone player-pause plus printer qrcode radar-2 recycle refresh route rss scale school search send settings share
shield-check shield-lock speakerphone square star sun table tag target-arrow tools traffic-cone trash triangle truck
upload user users users-group volume walk world x zoom-in
`.trim().split(/\s+/);
