//! The golden screens.

use crate::clinic::open;

fn shot(name: &str, width: u16, height: u16, keys: &str) {
    let mut desk = open(width, height);
    desk.rig.keys(keys);
    insta::with_settings!({snapshot_path => "golden", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(format!("{name}-{width}x{height}"), desk.rig.text());
    });
}

macro_rules! golden {
    ($($name:ident: $keys:literal $(at $width:literal x $height:literal)+;)*) => {$(
        #[test]
        fn $name() {
            $(shot(stringify!($name), $width, $height, $keys);)+
        }
    )*};
}

golden! {
    first_look: "" at 80 x 24 at 120 x 40 at 60 x 15 at 60 x 20 at 100 x 30 at 200 x 60;
    too_small: "" at 59 x 20;
    detail_opened: "j<enter>" at 80 x 24;
    decline_by_digit: "jd1" at 80 x 24 at 120 x 40;
    request_what_is_missing: "2r" at 80 x 24;
    call_form: "c" at 80 x 24;
    schedule_preview: "4stue 9:30" at 80 x 24;
    marks_and_counts: " j " at 120 x 40;
    several_are_confirmed: "  d1<enter>" at 80 x 24;
    palette_says_why: ":reopen" at 80 x 24;
    help_is_generated: "?" at 80 x 24;
    pending_keys: "e" at 80 x 24;
    find_as_you_type: "/smith" at 80 x 24;
    intake_beside_its_text: "I}" at 120 x 40;
    review_of_a_new_referral: "Nsmith jane<enter><enter><enter><ctrl-s>" at 80 x 24;
    refused_with_reason: "y" at 80 x 24;
    accepted: "a" at 120 x 40;
    closed: "C" at 80 x 24;
    details_of_a_new_referral: "Nsmith jane<enter><enter>echo" at 80 x 24;
    document_with_its_place: "Ia<enter><enter><enter>cardio<enter><enter>/alvarez<enter><enter>}" at 120 x 40;
    emergency_called: "!c1" at 120 x 40;
    filter_points_at_the_mistake: "fowner:tom prio:x<enter>" at 80 x 24;
    edit_the_patient: "ep" at 80 x 24;
    notices_so_far: "ay<ctrl-n>" at 80 x 24;
    as_of_friday: "@fri 10:30<enter>" at 80 x 24 at 120 x 40;
    as_of_asks_for_the_moment: "@tomorrow 9<enter>" at 80 x 24;
    nothing_changes_in_the_past: "@fri 10:30<enter>a" at 80 x 24;
    the_past_in_the_palette: "@fri 10:30<enter>:acc" at 80 x 24;
    back_to_now: "@fri 10:30<enter>4<esc>" at 80 x 24;
    shift_handover: "H" at 80 x 24 at 120 x 40;
    why_is_this_above_that: "j=" at 80 x 24 at 120 x 40;
    why_is_an_emergency_above: "!=" at 80 x 24;
    two_marked_compared: " G =" at 120 x 40;
    the_outbox: "O<tab>" at 80 x 24 at 120 x 40;
}
