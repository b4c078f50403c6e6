//! Fields that switch: boxes, radio buttons, push buttons, choices; and fields in two places.

use super::super::base::look;
use super::super::maker::Maker;
use super::super::update::RawFile;
use super::*;

pub(super) fn boxes(maker: &mut Maker<'_>, approved: &RawFile, certified: &RawFile) {
    let swapped = "/AP << /N << /Yes 42 0 R /Off 41 0 R >> >>";
    let invented = "/AP << /N << /Yes 41 0 R /Off 42 0 R /Zed 70 0 R >> >>";
    let repainted = "/AP << /N << /Yes 70 0 R /Off 42 0 R >> >>";
    let new = (NEW, look("20 20", &text("Kem")));
    let radio = |value: &str, first: &str, second: &str| {
        vec![
            (RADIO, format!("<< {RADIO_FIELD} /V /{value} >>")),
            (GOOD, good(first)),
            (FAIR, fair(second)),
        ]
    };
    let list = vec![
        (
            "S2",
            "tick-looks-swapped",
            "a box ticked, and the looks of its states swapped",
            vec![(CHECK_BOX, check_box("/Yes", "Yes", swapped))],
        ),
        (
            "S2",
            "tick-look-replaced",
            "a box ticked, with another look for the tick",
            vec![
                (CHECK_BOX, check_box("/Yes", "Yes", repainted)),
                new.clone(),
            ],
        ),
        (
            "S2",
            "tick-look-in-place",
            "a box ticked, and the tick repainted in place",
            vec![
                (CHECK_BOX, check_box("/Yes", "Yes", BOX_LOOKS)),
                (TICKED, look("20 20", &text("Kem"))),
            ],
        ),
        (
            "S2",
            "tick-state-invented",
            "a box put in a state that it did not have",
            vec![(CHECK_BOX, check_box("/Zed", "Zed", invented)), new],
        ),
        (
            "S2",
            "tick-unknown-state",
            "a box put in a state without a look",
            vec![(CHECK_BOX, check_box("/Zed", "Off", BOX_LOOKS))],
        ),
        (
            "S2",
            "tick-value-alone",
            "a box whose value is ticked and whose look is not",
            vec![(CHECK_BOX, check_box("/Yes", "Off", BOX_LOOKS))],
        ),
        (
            "S2",
            "tick-state-alone",
            "a box whose look is ticked and whose value is not",
            vec![(CHECK_BOX, check_box("/Off", "Yes", BOX_LOOKS))],
        ),
        (
            "F1",
            "tick-of-a-string",
            "a box with a string for a value",
            vec![(CHECK_BOX, check_box("(Yes)", "Yes", BOX_LOOKS))],
        ),
        (
            "S2",
            "radio-other-button",
            "a radio button pressed, and another one shown",
            radio("Kha", "Tot", "Off"),
        ),
        (
            "S2",
            "radio-both",
            "two radio buttons shown",
            radio("Kha", "Tot", "Kha"),
        ),
        (
            "S2",
            "radio-unknown",
            "a radio button of no such name",
            radio("Gioi", "Off", "Off"),
        ),
        (
            "F1",
            "radio-off-where-one-is-chosen",
            "no radio button, where one needs to be chosen",
            radio("Off", "Off", "Off"),
        ),
        (
            "S2",
            "button-repainted",
            "a push button with another look",
            vec![(PUSH_BUTTON_LOOK, look("100 20", &text("Gioi")))],
        ),
        (
            "S2",
            "button-filled",
            "a push button with a value and another look",
            vec![
                (PUSH_BUTTON, format!("<< {PUSH_BUTTON_FIELD} /V (Gioi) >>")),
                (PUSH_BUTTON_LOOK, look("100 20", &text("Gioi"))),
            ],
        ),
    ];
    attacks(maker, (approved, certified), list);
    let list = vec![
        (
            "C2",
            "ticked",
            "P=2: a box ticked",
            vec![(CHECK_BOX, check_box("/Yes", "Yes", BOX_LOOKS))],
        ),
        (
            "C2",
            "radio",
            "P=2: another radio button",
            radio("Kha", "Off", "Kha"),
        ),
        (
            "C2",
            "radio-off",
            "P=2: no radio button, where none needs to be chosen",
            vec![
                (FREE_RADIO, free_radio("Off")),
                (FREE_BUTTON, free_button("Off")),
            ],
        ),
    ];
    controls(maker, certified, list);
}

pub(super) fn choices(maker: &mut Maker<'_>, approved: &RawFile, certified: &RawFile) {
    let chosen = |entries: &str, shown: &str| {
        vec![
            (CHOICE, format!("<< {CHOICE_FIELD} {entries} >>")),
            (CHOICE_LOOK, look("100 20", &text(shown))),
        ]
    };
    let list = vec![
        (
            "S2",
            "choice-says-another",
            "a choice made, and another one shown",
            chosen("/V (Gioi)", "Kha"),
        ),
        (
            "S2",
            "choice-of-none",
            "a choice that is none of the list",
            chosen("/V (Xuat sac)", "Xuat sac"),
        ),
        (
            "S2",
            "choice-other-index",
            "a choice made, and the index of another",
            chosen("/V (Gioi) /I [2]", "Gioi"),
        ),
        (
            "S2",
            "choice-of-two",
            "two choices where there may be one",
            chosen("/V [(Gioi) (K)]", "GioiKha"),
        ),
        (
            "F1",
            "choice-list-changed",
            "a choice made, and the list changed with it",
            {
                let mut objects = chosen("/V (X)", "Gioi");
                objects[0].1 = objects[0]
                    .1
                    .replace("/Opt [(Gioi) [(K) (Kha)]", "/Opt [[(X) (Gioi)]");
                objects
            },
        ),
    ];
    attacks(maker, (approved, certified), list);
    let list = vec![
        (
            "C2",
            "choice",
            "P=2: a choice made",
            chosen("/V (Gioi) /I [0]", "Gioi"),
        ),
        (
            "C2",
            "choice-by-name",
            "P=2: a choice made whose name is not what is shown",
            chosen("/V (K)", "Kha"),
        ),
    ];
    controls(maker, certified, list);
}

/// One field in two places.
pub(super) fn several(maker: &mut Maker<'_>, approved: &RawFile, certified: &RawFile) {
    let filled = |first: &str, second: &str| {
        vec![
            (TWICE, format!("<< {TWICE_FIELD} /V (hai) >>")),
            (FIRST_LOOK, look("100 20", &text(first))),
            (SECOND_LOOK, look("100 20", &text(second))),
        ]
    };
    let list = vec![
        (
            "S2",
            "two-places-differ",
            "a field in two places, filled, that shows two values",
            filled("hai", "ba"),
        ),
        (
            "S2",
            "two-places-one-kept",
            "a field in two places, filled in one of them",
            {
                let mut objects = filled("hai", "mot");
                objects.pop();
                objects
            },
        ),
    ];
    attacks(maker, (approved, certified), list);
    let list = vec![(
        "C2",
        "two-places",
        "P=2: a field in two places filled",
        filled("hai", "hai"),
    )];
    controls(maker, certified, list);
}
