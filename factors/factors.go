// Package factors is the law as data, and the arithmetic over it.
//
// It holds what memoranda and regulations say about prosecutorial discretion,
// instrument by instrument, each with the dates on which it was in force; and
// it sets the recorded facts of one client against one of them, row by row. It
// decides nothing. A row says which facts it looked at, what can be computed
// from them, what cannot, and where in the instrument the rule stands. Whether
// sixteen years are long, and whether an offense is grave, is for a person.
//
// Three habits run through the package.
//
// Unknown is an answer. Every question is answered yes, no or unknown, and
// nothing that is missing ever turns into a no. A year without a month is a
// date of its own kind, and a comparison that its missing month could change
// stays open, with a sentence that says what would settle it.
//
// Instruments are never merged. Two memos that ask about the same day may count
// that day differently, and they do: under one, an entry on November 1, 2020 is
// inside its priority, under the next it is not. Each rule therefore belongs to
// one instrument, is computed in that instrument's own way, and is shown with
// that instrument's dates.
//
// What is not known is said. The library has a day on which it was last checked
// and a day after which it knows nothing. Each pointer and each paraphrase
// carries how well it was found. For a day on which no memo is known to have
// been in force, the answer is an empty list.
//
// There is no clock and no disk here: the day, the facts and the library come
// in as values, and the same values give the same rows.
package factors
