//! Pages typed for tests: a small dot-matrix type, and the files that a fax machine, a scanner and a telephone make of them.
//!
//! Owns the type and the packers. Must not be part of the program.

pub mod packers;

use super::picture::Picture;

/// Five by seven dots, a row a line, for the characters that tests type.
const TYPE: &[(char, [&str; 7])] = &[
    (
        'A',
        [" ### ", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"],
    ),
    (
        'B',
        ["#### ", "#   #", "#   #", "#### ", "#   #", "#   #", "#### "],
    ),
    (
        'D',
        ["###  ", "#  # ", "#   #", "#   #", "#   #", "#  # ", "###  "],
    ),
    (
        'E',
        ["#####", "#    ", "#    ", "#### ", "#    ", "#    ", "#####"],
    ),
    (
        'F',
        ["#####", "#    ", "#    ", "#### ", "#    ", "#    ", "#    "],
    ),
    (
        'H',
        ["#   #", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"],
    ),
    (
        'I',
        [" ### ", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "],
    ),
    (
        'L',
        ["#    ", "#    ", "#    ", "#    ", "#    ", "#    ", "#####"],
    ),
    (
        'M',
        ["#   #", "## ##", "# # #", "# # #", "#   #", "#   #", "#   #"],
    ),
    (
        'N',
        ["#   #", "##  #", "# # #", "#  ##", "#   #", "#   #", "#   #"],
    ),
    (
        'O',
        [" ### ", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "],
    ),
    (
        'P',
        ["#### ", "#   #", "#   #", "#### ", "#    ", "#    ", "#    "],
    ),
    (
        'R',
        ["#### ", "#   #", "#   #", "#### ", "# #  ", "#  # ", "#   #"],
    ),
    (
        'S',
        [" ####", "#    ", "#    ", " ### ", "    #", "    #", "#### "],
    ),
    (
        'T',
        ["#####", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", "  #  "],
    ),
    (
        'Y',
        ["#   #", "#   #", " # # ", "  #  ", "  #  ", "  #  ", "  #  "],
    ),
    (
        '0',
        [" ### ", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "],
    ),
    (
        '1',
        ["  #  ", " ##  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "],
    ),
    (
        '2',
        [" ### ", "#   #", "    #", "  ## ", " #   ", "#    ", "#####"],
    ),
    (
        '3',
        ["#### ", "    #", "    #", " ### ", "    #", "    #", "#### "],
    ),
    (
        '4',
        ["   # ", "  ## ", " # # ", "#  # ", "#####", "   # ", "   # "],
    ),
    (
        '5',
        ["#####", "#    ", "#### ", "    #", "    #", "#   #", " ### "],
    ),
    (
        '6',
        [" ### ", "#    ", "#### ", "#   #", "#   #", "#   #", " ### "],
    ),
    (
        '7',
        ["#####", "    #", "   # ", "  #  ", "  #  ", "  #  ", "  #  "],
    ),
    (
        '8',
        [" ### ", "#   #", "#   #", " ### ", "#   #", "#   #", " ### "],
    ),
    (
        '9',
        [" ### ", "#   #", "#   #", " ####", "    #", "    #", " ### "],
    ),
    (
        '/',
        ["    #", "    #", "   # ", "  #  ", " #   ", "#    ", "#    "],
    ),
    (
        ':',
        ["     ", "  #  ", "  #  ", "     ", "  #  ", "  #  ", "     "],
    ),
    (
        '-',
        ["     ", "     ", "     ", "#####", "     ", "     ", "     "],
    ),
];

/// Types lines onto white paper of this many pixels, each dot `dot` pixels wide.
pub fn typed(lines: &[&str], (width, height): (usize, usize), dot: usize) -> Picture {
    let mut grey = vec![255_u8; width * height];
    for (number, line) in lines.iter().enumerate() {
        let top = dot * (8 + number * 14);
        for (column, c) in line.chars().enumerate() {
            let left = dot * (8 + column * 6);
            let Some((_, dots)) = TYPE.iter().find(|(known, _)| *known == c) else {
                assert_eq!(c, ' ', "the typewriter has no {c:?}");
                continue;
            };
            for (down, row) in dots.iter().enumerate() {
                for (along, _) in row.chars().enumerate().filter(|(_, mark)| *mark == '#') {
                    for y in top + down * dot..top + (down + 1) * dot {
                        let start = y * width + left + along * dot;
                        grey[start..start + dot].fill(0);
                    }
                }
            }
        }
    }
    Picture::new(width, height, grey).expect("a small page")
}

/// What the tests' referral says.
pub const REFERRAL: &[&str] = &[
    "PATIENT NAME: ANN TESTER",
    "BIRTH DATE: 03/04/1961",
    "MEMBER ID: 84736251",
];

/// The tests' referral on a page.
pub fn referral() -> Picture {
    typed(REFERRAL, (800, 480), 4)
}
