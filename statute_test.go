package crossholding_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
	"github.com/stretchr/testify/require"
)

// statuteCase is a small book and what a rule leaves y's votes in x: "10"
// votes, and what took the others.
type statuteCase struct {
	rule, name, book string
	votes            string // of the holder at the issuer after the law
	who              string // holder>issuer, default y>x
}

// statuteCases stand on each side of every threshold, equality included.
var statuteCases = []statuteCase{
	// France, L.233-31 with L.233-3: majority, or over 40% and nobody larger.
	{"FR-233-31", "majority", "x FR; y BE; x>y 51; y>x 10", "0", ""},
	{"FR-233-31", "half against half", "x FR; y BE; c; x>y 50; c>y 50; y>x 10", "10", ""},
	{"FR-233-31", "presumed", "x FR; y US; c; x>y 41; c>y 40; y>x 10", "0", ""},
	{"FR-233-31", "presumed at exactly 40%", "x FR; y US; x>y 40; y>x 10", "10", ""},
	{"FR-233-31", "presumed but another larger", "x FR; y US; c; x>y 41; c>y 42; y>x 10", "10", ""},
	{"FR-233-31", "presumed but another as large", "x FR; y US; c; x>y 45; c>y 45; y>x 10", "10", ""},
	{"FR-233-31", "rival with its subsidiary", "x FR; y US; c US; d US; x>y 41; c>d 51; c>y 30; d>y 12; y>x 10", "10", ""},
	{"FR-233-31", "indirect", "x FR; s BE; y BE; x>s 51; s>y 51; y>x 10", "0", ""},
	{"FR-233-31", "treasury out: 41 of 100 of 110", "x FR; y US issued=110 treasury=10; x>y 41; y>x 10", "0", ""},
	{"FR-233-31", "treasury out, at 40 of 100", "x FR; y US issued=110 treasury=10; x>y 40; y>x 10", "10", ""},
	{"FR-233-31", "suspended out: 41 of 80", "x FR; y GB; z US; c; x>y 41; y>z 51; z>y 18; c>y 41; y>x 10", "10", ""},
	{"FR-233-31", "suspended out: 42 of 82", "x FR; y GB; z US; c; x>y 42; y>z 51; z>y 18; c>y 40; y>x 10", "0", ""},
	{"FR-233-31", "shares held for another", "x FR; y BE; p; x>y 51; y>x 10 money=p", "0", ""},
	{"FR-233-31", "votes alone", "x FR; y BE; p; x>y 51; p>x 10 voter=y", "0", "p>x"},
	{"FR-233-31", "day before", "@2000-09-20; x FR; y BE; x>y 51; y>x 10", "10", ""},
	{"FR-233-31", "first day", "@2000-09-21; x FR; y BE; x>y 51; y>x 10", "0", ""},
	// France, L.233-29: over 10% of the capital; the smaller of the two.
	{"FR-233-29", "12 against 8: the smaller", "x FR; y FR; x>y 12; y>x 8", "0", ""},
	{"FR-233-29", "12 against 8: the larger", "x FR; y FR; x>y 12; y>x 8", "12", "x>y"},
	{"FR-233-29", "8 against 12", "x FR; y FR; x>y 8; y>x 12", "12", ""},
	{"FR-233-29", "8 against 12: the smaller", "x FR; y FR; x>y 8; y>x 12", "0", "x>y"},
	{"FR-233-29", "both at 10", "x FR; y FR; x>y 10; y>x 10", "10", ""},
	{"FR-233-29", "10 against 5", "x FR; y FR; x>y 10; y>x 5", "5", ""},
	{"FR-233-29", "20 against 15", "x FR; y FR; x>y 20; y>x 15", "0", ""},
	{"FR-233-29", "equal above: the excess", "x FR; y FR; x>y 12; y>x 12", "10", ""},
	{"FR-233-29", "equal above, the other way", "x FR; y FR; x>y 12; y>x 12", "10", "x>y"},
	{"FR-233-29", "treasury in: 11 of 110", "x FR; y FR issued=110 treasury=10; x>y 11; y>x 8", "8", ""},
	{"FR-233-29", "treasury in: 12 of 110", "x FR; y FR issued=110 treasury=10; x>y 12; y>x 8", "0", ""},
	{"FR-233-29", "shares without votes count", "x FR; y FR pref=20; x>y 13 class=pref; y>x 8", "0", ""},
	{"FR-233-29", "subsidiaries do not", "x FR; y FR; s FR; x>s 51; s>y 12; y>x 8", "8", ""},
	{"FR-233-29", "foreign holder", "x FR; y BE; x>y 12; y>x 8", "8", ""},
	{"FR-233-29", "day before", "@2000-09-20; x FR; y FR; x>y 12; y>x 8", "8", ""},
	// Japan, 308(1): a quarter or more of the votes, with subsidiaries.
	{"JP-308-1", "below", "x JP; y JP; x>y 24; y>x 10", "10", ""},
	{"JP-308-1", "a quarter", "x JP; y JP; x>y 25; y>x 10", "0", ""},
	{"JP-308-1", "above", "x JP; y JP; x>y 26; y>x 10", "0", ""},
	{"JP-308-1", "with a subsidiary", "x JP; y JP; s JP; x>s 51; x>y 15; s>y 10; y>x 10", "0", ""},
	{"JP-308-1", "with a company half owned", "x JP; y JP; s JP; x>s 50; x>y 15; s>y 10; y>x 10", "10", ""},
	{"JP-308-1", "parent's holding does not count", "x JP; y JP; p JP; p>x 51; p>y 20; x>y 10; y>x 10", "10", ""},
	{"JP-308-1", "treasury out", "x JP; y JP issued=110 treasury=10; x>y 25; y>x 10", "0", ""},
	{"JP-308-1", "suspended in: 24 of 100, not of 80", "x JP; y FR; z US; x>y 24; y>z 51; z>y 20; y>x 10", "10", ""},
	{"JP-308-1", "suspended in: 25 of 100", "x JP; y FR; z US; x>y 25; y>z 51; z>y 20; y>x 10", "0", ""},
	{"JP-308-1", "votes, not shares", "x JP; y JP pref=100; x>y 24; x>y 50 class=pref; y>x 10", "10", ""},
	{"JP-308-1", "foreign holder", "x JP; y US; x>y 25; y>x 10", "0", ""},
	{"JP-308-1", "foreign issuer", "x US; y JP; x>y 25; y>x 10", "10", ""},
	{"JP-308-1", "mutual", "x JP; y JP; x>y 30; y>x 30", "0", ""},
	{"JP-308-1", "mutual, the other way", "x JP; y JP; x>y 30; y>x 30", "0", "x>y"},
	{"JP-308-1", "holder's subsidiary votes", "x JP; y JP; t JP; x>y 30; y>t 51; y>x 10; t>x 5", "5", "t>x"},
	{"JP-308-1", "holder's subsidiary with a quarter held through it", "x JP; y JP; t JP; x>y 51; y>t 51; t>x 5", "0", "t>x"},
	{"JP-308-1", "neutral votes are not had", "x JP; y JP; p; p>y 25 money=x voter=neutral; y>x 10", "10", ""},
	{"JP-308-1", "votes of another's shares are", "x JP; y JP; p; p>y 25 voter=x; y>x 10", "0", ""},
	{"JP-308-1", "day before", "@2006-04-30; x JP; y JP; x>y 25; y>x 10", "10", ""},
	{"JP-308-1", "first day", "@2006-05-01; x JP; y JP; x>y 25; y>x 10", "0", ""},
	// Germany, §§ 19, 328: each over a quarter of the shares; the excess.
	{"DE-328", "both above", "x DE; y DE; x>y 30; y>x 30", "25", ""},
	{"DE-328", "both above, the other way", "x DE; y DE; x>y 26; y>x 30", "25", "x>y"},
	{"DE-328", "one at a quarter", "x DE; y DE; x>y 25; y>x 30", "30", ""},
	{"DE-328", "treasury in: 25 of 100, not of 90", "x DE; y DE treasury=10; x>y 25; y>x 30", "30", ""},
	{"DE-328", "treasury in: 26 of 100", "x DE; y DE treasury=10; x>y 26; y>x 30", "25", ""},
	{"DE-328", "dependant's shares count", "x DE; y DE; d NL; x>d 51; x>y 20; d>y 6; y>x 30", "25", ""},
	{"DE-328", "group capped as one", "x DE; y DE lot=1; d NL; x>d 51; x>y 20; d>y 6; y>x 30", "19", "x>y"},
	{"DE-328", "group capped as one: dependant", "x DE; y DE lot=1; d NL; x>d 51; x>y 20; d>y 6; y>x 30", "6", "d>y"},
	{"DE-328", "shares held for its money", "x DE; y DE; p; p>y 26 money=x voter=neutral; y>x 30", "25", ""},
	{"DE-328", "foreign company", "x DE; y AT; x>y 30; y>x 30", "30", ""},
	{"DE-328", "part of a country", "x DE; y DE-BY; x>y 30; y>x 30", "25", ""},
	{"DE-328", "apart: a majority", "x DE; y DE; x>y 51; y>x 30", "51", "x>y"},
	{"DE-328", "double votes fall pro rata", "x DE; y DE; x>y 30; y>x 30 votes=2", "50", ""},
	{"DE-328", "day before", "@1965-12-31; x DE; y DE; x>y 30; y>x 30", "30", ""},
	{"DE-71d-shares", "majority of shares, not of votes", "x DE; y DE issued=50 pref=50; x>y 1; x>y 50 class=pref; y>x 10", "0", ""},
	{"DE-71d-shares", "half the shares", "x DE; y DE issued=50 pref=50; x>y 50 class=pref; y>x 10", "10", ""},
	{"DE-71d-shares", "treasury out: 48 of 94", "x DE; y DE issued=50 treasury=6 pref=50; x>y 48 class=pref; y>x 10", "0", ""},
	{"DE-71d-shares", "with a subsidiary", "x DE; y DE issued=50 pref=50; s DE; x>s 51; x>y 25 class=pref; s>y 25 class=pref; s>y 1; y>x 10", "0", ""},
	{"DE-71d", "mutual majorities: both", "x DE; y DE; x>y 60; y>x 60", "0", ""},
	{"DE-71d", "mutual majorities: both, the other way", "x DE; y DE; x>y 60; y>x 60", "0", "x>y"},
	// Italy, 121 TUF: each over 3% of a listed company; the later excess.
	{"IT-121", "order unknown: both", "x IT listed; y IT listed; x>y 4; y>x 6", "3", ""},
	{"IT-121", "order unknown: both, the other way", "x IT listed; y IT listed; x>y 4; y>x 6", "3", "x>y"},
	{"IT-121", "later", "@2022-01-01; x IT listed; y IT listed; x>y 4 lots=2020-01-01:4; y>x 6 lots=2021-01-01:6", "3", ""},
	{"IT-121", "earlier", "@2022-01-01; x IT listed; y IT listed; x>y 4 lots=2020-01-01:4; y>x 6 lots=2021-01-01:6", "4", "x>y"},
	{"IT-121", "the lot that crosses decides", "@2022-01-01; x IT listed; y IT listed; x>y 4 lots=2018-01-01:3,2021-06-01:1; y>x 6 lots=2019-01-01:2,2021-01-01:4", "6", ""},
	{"IT-121", "the lot that crosses decides, the other way", "@2022-01-01; x IT listed; y IT listed; x>y 4 lots=2018-01-01:3,2021-06-01:1; y>x 6 lots=2019-01-01:2,2021-01-01:4", "3", "x>y"},
	{"IT-121", "the same day: both", "@2022-01-01; x IT listed; y IT listed; x>y 4 lots=2021-01-01:4; y>x 6 lots=2021-01-01:6", "3", "x>y"},
	{"IT-121", "lots do not cover the stake: both", "@2022-01-01; x IT listed; y IT listed; x>y 4 lots=2020-01-01:3; y>x 6 lots=2021-01-01:6", "3", "x>y"},
	{"IT-121", "one at 3%", "x IT listed; y IT listed; x>y 3; y>x 6", "6", ""},
	{"IT-121", "treasury in", "x IT listed; y IT listed treasury=10; x>y 3; y>x 6", "6", ""},
	{"IT-121", "with a subsidiary", "x IT listed; y IT listed; s IT; x>s 51; x>y 2; s>y 2; y>x 6", "3", ""},
	{"IT-121", "not listed", "x IT; y IT; x>y 4; y>x 6", "6", ""},
	{"IT-121", "apart: control", "x IT listed; y IT listed; x>y 51; y>x 6", "51", "x>y"},
	{"IT-121", "unlisted holder", "x IT listed; y IT; x>y 4; y>x 6", "6", ""},
	{"IT-121", "foreign holder", "x IT listed; y FR listed; x>y 4; y>x 6", "6", ""},
	{"IT-121", "one at 3% since 2016", "@2016-03-18; x IT listed; y IT listed; x>y 3; y>x 6", "6", ""},
	{"IT-121-1998", "last day: 3% was enough", "@2016-03-17; x IT listed; y IT listed; x>y 3; y>x 6", "2", ""},
	{"IT-121-1998", "one at 2%", "@2016-03-17; x IT listed; y IT listed; x>y 2; y>x 6", "6", ""},
	{"IT-121-1998", "order unknown: both", "@2016-03-17; x IT listed; y IT listed; x>y 3; y>x 6", "2", "x>y"},
	{"IT-121-1998", "first day", "@1998-07-01; x IT listed; y IT listed; x>y 3; y>x 6", "2", ""},
	{"IT-121-1998", "day before", "@1998-06-30; x IT listed; y IT listed; x>y 3; y>x 6", "6", ""},
	// Spain, 151 LSC: each over 10% of the capital; the later excess.
	{"ES-151", "both above", "x ES; y ES; x>y 15; y>x 12", "10", ""},
	{"ES-151", "later", "@2022-01-01; x ES; y ES; x>y 15 lots=2020-01-01:15; y>x 12 lots=2021-01-01:12", "10", ""},
	{"ES-151", "earlier", "@2022-01-01; x ES; y ES; x>y 15 lots=2020-01-01:15; y>x 12 lots=2021-01-01:12", "15", "x>y"},
	{"ES-151", "one at 10%", "x ES; y ES; x>y 10; y>x 12", "12", ""},
	{"ES-151", "treasury in: 11 of 110", "x ES; y ES issued=110 treasury=10; x>y 11; y>x 12", "12", ""},
	{"ES-151", "foreign holder", "x ES; y PT; x>y 15; y>x 12", "10", ""},
	{"ES-151", "through subsidiaries", "x ES; c ES; d ES; y ES; x>c 60; c>d 58; d>y 18; y>x 12", "10", ""},
	{"ES-151", "through subsidiaries: theirs", "x ES; c ES; d ES; y ES; x>c 60; c>d 58; d>y 18; y>x 12", "10", "d>y"},
	{"ES-151", "apart: dominant company", "x ES; y ES; x>y 51; y>x 12", "51", "x>y"},
	{"ES-151", "day before", "@2010-08-31; x ES; y ES; x>y 15; y>x 12", "12", ""},
	// Korea, 369(3): over a tenth of issued shares.
	{"KR-369-3", "a tenth", "x KR; y KR; x>y 10; y>x 5", "5", ""},
	{"KR-369-3", "above", "x KR; y KR; x>y 11; y>x 5", "0", ""},
	{"KR-369-3", "treasury in: 11 of 110", "x KR; y KR issued=110 treasury=10; x>y 11; y>x 5", "5", ""},
	{"KR-369-3", "treasury in: 12 of 110", "x KR; y KR issued=110 treasury=10; x>y 12; y>x 5", "0", ""},
	{"KR-369-3", "parent and subsidiary: parent", "x KR; s KR; y KR; x>s 60; x>y 6; s>y 6; y>x 5; y>s 5", "0", ""},
	{"KR-369-3", "parent and subsidiary: subsidiary", "x KR; s KR; y KR; x>s 60; x>y 6; s>y 6; y>x 5; y>s 5", "5", "y>s"},
	{"KR-369-3", "subsidiary alone: parent", "x KR; s KR; y KR; x>s 60; s>y 15; y>x 5; y>s 5", "0", ""},
	{"KR-369-3", "subsidiary alone: subsidiary", "x KR; s KR; y KR; x>s 60; s>y 15; y>x 5; y>s 5", "0", "y>s"},
	{"KR-369-3", "mutual", "x KR; y KR; x>y 15; y>x 15", "0", "x>y"},
	{"KR-369-3", "shares without votes count", "x KR; y KR issued=90 pref=10; x>y 10 class=pref; x>y 1; y>x 5", "0", ""},
	{"KR-369-3", "day before", "@1984-08-31; x KR; y KR; x>y 11; y>x 5", "5", ""},
	// Taiwan, 179 and 369-10.
	{"TW-179", "half", "x TW; y TW; x>y 50; y>x 10", "10", ""},
	{"TW-179", "above", "x TW; y TW; x>y 51; y>x 10", "0", ""},
	{"TW-179", "third tier", "x TW; s TW; y TW; x>s 60; x>y 30; s>y 25; y>x 10", "0", ""},
	{"TW-179", "treasury out: 50 of 99", "x TW; y TW issued=109 treasury=10; x>y 50; y>x 10", "0", ""},
	{"TW-179", "suspended in: 41 of 100", "x TW; y TW; z TW; x>y 41; y>z 51; z>y 20; y>x 10", "10", ""},
	{"TW-179", "day before", "@2005-06-23; x TW; y TW; x>y 51; y>x 10", "10", ""},
	{"TW-369-10", "a third each", "x TW issued=99; y TW issued=99; x>y 33; y>x 40", "33", ""},
	{"TW-369-10", "a third each: at the cap", "x TW issued=99; y TW issued=99; x>y 33; y>x 40", "33", "x>y"},
	{"TW-369-10", "one below", "x TW issued=99; y TW issued=99; x>y 32; y>x 40", "40", ""},
	{"TW-369-10", "whole votes", "x TW lot=1; y TW; x>y 40; y>x 40", "33", ""},
	{"TW-369-10", "treasury out: 33 of 99", "x TW issued=99; y TW issued=109 treasury=10; x>y 33; y>x 40", "33", ""},
	{"TW-369-10", "group capped as one", "x TW issued=99; y TW issued=99; d TW; x>d 60; x>y 20; d>y 16; y>x 40", "18", "x>y"},
	{"TW-369-10", "group capped as one: subordinate", "x TW issued=99; y TW issued=99; d TW; x>d 60; x>y 20; d>y 16; y>x 40", "15", "d>y"},
	{"TW-369-10", "apart: a majority", "x TW; y TW; x>y 51; y>x 40", "51", "x>y"},
	{"TW-369-10", "day before", "@1997-06-26; x TW issued=99; y TW issued=99; x>y 33; y>x 40", "40", ""},
	// Turkey, 201: a quarter each or more; a quarter of one's own votes.
	{"TR-201", "a quarter each", "x TR; y TR; x>y 25; y>x 40", "10", ""},
	{"TR-201", "a quarter each: whole votes", "x TR; y TR lot=1; x>y 25; y>x 40", "6", "x>y"},
	{"TR-201", "28 against 35", "x TR; y TR; x>y 28; y>x 35", "7", "x>y"},
	{"TR-201", "one below", "x TR; y TR; x>y 24; y>x 40", "40", ""},
	{"TR-201", "treasury out: 25 of 100", "x TR; y TR issued=110 treasury=10; x>y 25; y>x 40", "10", ""},
	{"TR-201", "foreign holder", "x TR; y NL; x>y 25; y>x 40", "40", ""},
	{"TR-201", "apart: a majority", "x TR; y TR; x>y 51; y>x 40", "51", "x>y"},
	{"TR-201", "day before", "@2012-06-30; x TR; y TR; x>y 25; y>x 40", "40", ""},
	{"TR-389", "mutual majorities: both freeze", "x TR; y TR; x>y 60; y>x 60", "0", ""},
	// California, 703(b): over a quarter of the voting power.
	{"US-CA-703b", "a quarter", "x US-CA; y US-CA; x>y 25; y>x 10", "10", ""},
	{"US-CA-703b", "above", "x US-CA; y US-CA; x>y 26; y>x 10", "0", ""},
	{"US-CA-703b", "the other way", "x US-CA; y US-CA; x>y 30; y>x 15", "30", "x>y"},
	{"US-CA-703b", "chain", "x US-CA; s US-CA; y US-CA; x>s 60; s>y 26; y>x 10", "0", ""},
	{"US-CA-703b", "chain too weak", "x US-CA; s US-CA; y US-CA; x>s 40; s>y 26; y>x 10", "10", ""},
	{"US-CA-703b", "Delaware holder", "x US-CA; y US-DE; x>y 26; y>x 10", "10", ""},
	{"US-CA-703b", "treasury out: 25 of 99", "x US-CA; y US-CA issued=109 treasury=10; x>y 25; y>x 10", "0", ""},
	{"US-CA-703b", "suspended out: 24 of 80", "x US-CA; y US-CA; z US-CA; x>y 24; y>z 51; z>y 20; y>x 10", "0", ""},
	{"US-CA-703b", "held for another", "x US-CA; y US-CA; p; x>y 26; y>x 10 money=p", "10", ""},
	{"US-CA-703b", "day before", "@1976-12-31; x US-CA; y US-CA; x>y 26; y>x 10", "10", ""},
	// Suspended votes in control: out in Delaware, in in India.
	{"US-DE-160c", "suspended out: 41 of 80", "x US-DE; y US-DE; z US-DE; x>y 41; y>z 51; z>y 20; y>x 10", "0", ""},
	{"US-DE-160c", "suspended out: 40 of 80", "x US-DE; y US-DE; z US-DE; x>y 40; y>z 51; z>y 20; y>x 10", "10", ""},
	{"IN-19", "suspended in: 41 of 100", "x IN; y IN; z IN; x>y 41; y>z 51; z>y 20; y>x 10", "10", ""},
	{"US-DE-160c", "held for another", "x US-DE; y US-DE; p; x>y 51; y>x 10 money=p", "10", ""},
	{"GB-136", "held for another", "x GB; y GB; p; x>y 51; y>x 10 money=p", "10", ""},
	{"IN-19", "held for another", "x IN; y IN; p; x>y 51; y>x 10 money=p", "10", ""},
	{"CN-141", "not listed", "x CN; y CN; x>y 51; y>x 10", "10", ""},
	{"CN-141-shares", "more than half of the capital, not of the votes", "x CN listed; y CN issued=50 pref=50; x>y 1; x>y 50 class=pref; y>x 10", "0", ""},
	{"CN-141-shares", "half the capital", "x CN listed; y CN issued=50 pref=50; x>y 50 class=pref; y>x 10", "10", ""},
	{"CN-141-shares", "treasury in: 50 of 100", "x CN listed; y CN issued=50 treasury=6 pref=50; x>y 50 class=pref; y>x 10", "10", ""},
	{"CN-141-shares", "with a subsidiary", "x CN listed; y CN issued=50 pref=50; s CN; x>s 51; x>y 25 class=pref; s>y 25 class=pref; s>y 1; y>x 10", "0", ""},
	{"CN-141-shares", "not listed", "x CN; y CN issued=50 pref=50; x>y 1; x>y 50 class=pref; y>x 10", "10", ""},
	{"CN-141-shares", "day before", "@2024-06-30; x CN listed; y CN issued=50 pref=50; x>y 1; x>y 50 class=pref; y>x 10", "10", ""},
	{"none", "no statutes", "x FR law=none; y FR; x>y 51; y>x 10", "10", ""},
	{"none", "another country's", "x NL law=FR; y NL; x>y 51; y>x 10", "0", ""},
	{"none", "a country without", "x CH; y CH; x>y 51; y>x 10", "10", ""},
	{"none", "no country", "x - ; y -; x>y 51; y>x 10", "10", ""},
}

// controlRules are those that ask for a majority of votes along any chain and
// for nothing else, with the day before they came into force.
var controlRules = []struct{ rule, country, before string }{
	{"BR-244", "BR", "1977-02-14"},
	{"CN-141", "CN listed", "2024-06-30"},
	{"DE-71d", "DE", "1979-06-30"},
	{"ES-148", "ES", "2010-08-31"},
	{"GB-136", "GB", "2009-09-30"},
	{"IN-19", "IN", "2013-09-11"},
	{"IT-2359-bis", "IT", ""},
	{"TR-389", "TR", "2012-06-30"},
	{"US-DE-160c", "US-DE", "1970-06-30"},
}

func controlCases() []statuteCase {
	var out []statuteCase
	for _, r := range controlRules {
		for _, c := range []statuteCase{
			{name: "below", book: "x C; y C; x>y 49; y>x 10", votes: "10"},
			{name: "half", book: "x C; y C; c; x>y 50; c>y 50; y>x 10", votes: "10"},
			{name: "above", book: "x C; y C; x>y 51; y>x 10", votes: "0"},
			{name: "treasury out: 47 of 94", book: "x C; y C treasury=6; x>y 47; y>x 10", votes: "10"},
			{name: "treasury out: 48 of 94", book: "x C; y C treasury=6; x>y 48; y>x 10", votes: "0"},
			{name: "chain", book: "x C; s C; y C; x>s 51; s>y 51; y>x 10", votes: "0"},
			{name: "chain too weak", book: "x C; s C; y C; x>s 50; s>y 51; y>x 10", votes: "10"},
			{name: "with a subsidiary", book: "x C; s C; y C; x>s 51; s>y 26; x>y 25; y>x 10", votes: "0"},
			{name: "foreign holder", book: "x C; y AE; x>y 51; y>x 10", votes: "0"},
			{name: "foreign issuer", book: "x AE; y C; x>y 51; y>x 10", votes: "10"},
			{name: "controller keeps its votes", book: "x C; y C; x>y 51; y>x 10", votes: "51", who: "x>y"},
			{name: "parent's majority is not x's", book: "x C; y C; p C; p>y 51; p>x 51; x>y 10; y>x 10", votes: "10"},
			{name: "day before", book: "@DAY; x C; y C; x>y 51; y>x 10", votes: "10"},
		} {
			if c.name == "day before" && r.before == "" {
				continue
			}
			c.rule = r.rule
			c.book = strings.NewReplacer(" C;", " "+r.country+";", " C ", " "+r.country+" ", "DAY", r.before).Replace(c.book)
			out = append(out, c)
		}
	}
	return out
}

func TestStatutes(t *testing.T) {
	cases := slices.Concat(statuteCases, controlCases())
	silenced := map[string]bool{} // rules seen to take votes
	for _, c := range cases {
		t.Run(c.rule+"/"+c.name, func(t *testing.T) {
			if c.who == "" {
				c.who = "y>x"
			}
			holder, issuer, _ := strings.Cut(c.who, ">")
			n := votesOf(t, c.book, holder, issuer, crossholding.VotingOptions{})
			require.Equal(t, c.votes, n.Exercisable.String(), "%v", ruleNames(n))
			taken := ratio.Ratio{}
			for _, r := range n.Reasons {
				if r.Rule == "voter" {
					continue
				}
				taken = taken.Add(r.Votes)
				require.NotEmpty(t, r.Citation)
				require.NotEmpty(t, r.Because())
				if c.rule != "none" {
					require.Equal(t, c.rule, r.Rule)
				}
				silenced[r.Rule] = true
			}
			require.True(t, n.Theoretical.Sub(taken).Equal(n.Exercisable))
		})
	}
	for _, s := range law.Statutes() {
		if s.Kind != law.TestOwnShares {
			require.True(t, silenced[s.ID], "no case in which %s takes votes", s.ID)
		}
	}
}

func TestOwnShares(t *testing.T) {
	cases := []struct{ rule, company, counted string }{
		{"DE-71b", "x DE treasury=10", "90"},
		{"ES-148-own", "x ES treasury=10", "100"},
		{"FR-225-111", "x FR treasury=10", "90"},
		{"GB-726", "x GB treasury=10", "90"},
		{"IT-2357-ter", "x IT treasury=10", "100"},
		{"IT-2357-ter-listed", "x IT listed treasury=10", "90"},
		{"JP-308-2", "x JP treasury=10", "90"},
		{"KR-369-2", "x KR treasury=10", "90"},
		{"TR-389-own", "x TR treasury=10", "90"},
		{"TW-179-own", "x TW treasury=10", "90"},
		{"US-DE-160c-own", "x US-DE treasury=10", "90"},
		{"treasury", "x CH treasury=10", "90"},
		{"treasury", "x ES law=none treasury=10", "90"},
		{"treasury", "@2010-08-31; x ES treasury=10", "90"},
	}
	seen := map[string]bool{}
	for _, c := range cases {
		t.Run(c.company, func(t *testing.T) {
			seen[c.rule] = true
			a := lawAlliance(t, c.company+"; h; h>x 47")
			v, err := a.Votes(crossholding.VotingOptions{})
			require.NoError(t, err)
			m, err := v.Meeting("x")
			require.NoError(t, err)
			require.Equal(t, []string{"100", "10", "0", "90", c.counted},
				[]string{m.Theoretical.String(), m.Treasury.String(), m.Silenced.String(), m.Exercisable.String(), m.Counted.String()})
			n, err := v.Of("x", "x")
			require.NoError(t, err)
			require.Equal(t, []string{c.rule + " 10"}, ruleNames(n))
			require.Equal(t, "x's own shares do not vote", n.Reasons[0].Because())
			require.Equal(t, "10", n.Theoretical.String())
			require.Equal(t, "0", n.Exercisable.String())
			// 47 of 90 are a majority, 47 of 100 are none (Cass. 23950/2018).
			ctl, err := a.Control(crossholding.ControlOptions{})
			require.NoError(t, err)
			yes, err := ctl.Controls("h", "x")
			require.NoError(t, err)
			require.Equal(t, c.counted == "90", yes)
		})
	}
	for _, s := range law.Statutes() {
		if s.Kind == law.TestOwnShares {
			require.True(t, seen[s.ID], s.ID)
		}
	}
}

func TestStatutesTable(t *testing.T) {
	table := law.Statutes()
	require.True(t, slices.IsSortedFunc(table, func(a, b law.Statute) int {
		return strings.Compare(a.Country, b.Country)
	}))
	for _, s := range table {
		require.True(t, strings.HasPrefix(s.ID, s.Country+"-"), s.ID)
		require.NotEmpty(t, s.Citation, s.ID)
		require.Contains(t, []string{"read", "secondary", "not verified"}, s.Verified, s.ID)
	}
	_, err := lawAlliance(t, "").Votes(crossholding.VotingOptions{Statutes: table})
	require.NoError(t, err, "the table keeps its own rules")
	table[0].Country = "ZW"
	require.NotEqual(t, table[0], law.Statutes()[0], "the caller has a copy")
}

func TestOwnRule(t *testing.T) {
	one := func(text string) ratio.Ratio { return ratio.MustParse(text) }
	base := law.Statute{ID: "R", Citation: "articles, art. 9", Kind: law.TestHolds, Threshold: one("5%"), CountsSuspended: true}
	at := func(change func(*law.Statute)) law.Statute {
		s := base
		change(&s)
		return s
	}
	book := "x CH; y CH; z CH; x>y 6; y>x 10; x>z 6; z>x 10; y>z 6; z>y 10"
	cases := []struct {
		name string
		rule law.Statute
		want map[string]string
	}{
		{"for one issuer", at(func(s *law.Statute) { s.Issuer = "x" }), map[string]string{"y>x": "0", "z>x": "0", "z>y": "10"}},
		{"for a country", at(func(s *law.Statute) { s.Country = "CH" }), map[string]string{"y>x": "0", "z>x": "0", "z>y": "0"}},
		{"for another", at(func(s *law.Statute) { s.Country = "AT" }), map[string]string{"y>x": "10", "z>y": "10"}},
		{"at the threshold", at(func(s *law.Statute) { s.Country, s.Threshold = "CH", one("6%") }), map[string]string{"y>x": "10"}},
		{"reaching it", at(func(s *law.Statute) { s.Country, s.Threshold, s.AtLeast = "CH", one("6%"), true }), map[string]string{"y>x": "0"}},
		{"any holding at all", at(func(s *law.Statute) { s.Country, s.Threshold = "CH", one("0") }), map[string]string{"y>x": "0", "x>y": "0"}},
		{"a part", at(func(s *law.Statute) {
			s.Country, s.Effect, s.MaxFraction = "CH", law.EffectPart, one("1/3")
		}), map[string]string{"y>x": "10/3"}},
		{"a cap", at(func(s *law.Statute) {
			s.Country, s.Effect, s.MaxFraction = "CH", law.EffectCap, one("7%")
		}), map[string]string{"y>x": "7"}},
		{"the excess", at(func(s *law.Statute) {
			s.Country, s.Effect = "CH", law.EffectExcess
		}), map[string]string{"y>x": "5"}},
		{"control by two thirds", at(func(s *law.Statute) {
			s.Country, s.Kind, s.Threshold = "CH", law.TestControls, one("2/3")
		}), map[string]string{"y>x": "10"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for who, want := range c.want {
				holder, issuer, _ := strings.Cut(who, ">")
				n := votesOf(t, book, holder, issuer, crossholding.VotingOptions{Extra: []law.Statute{c.rule}})
				require.Equal(t, want, n.Exercisable.String(), who)
				if want != n.Theoretical.String() {
					require.Equal(t, "articles, art. 9", n.Reasons[0].Citation)
				}
			}
		})
	}
	t.Run("control at a threshold of its own", func(t *testing.T) {
		for have, want := range map[string]string{"66": "10", "67": "0"} {
			rule := at(func(s *law.Statute) {
				s.Issuer, s.Kind, s.Threshold = "x", law.TestControls, one("2/3")
			})
			n := votesOf(t, "x CH; y CH; x>y "+have+"; y>x 10", "y", "x", crossholding.VotingOptions{Extra: []law.Statute{rule}})
			require.Equal(t, want, n.Exercisable.String(), have)
		}
	})
	t.Run("own shares prevail over the table", func(t *testing.T) {
		rule := law.Statute{ID: "R", Citation: "articles, art. 9", Issuer: "x", Kind: law.TestOwnShares, Treasury: true}
		v, err := lawAlliance(t, "x JP treasury=10; h; h>x 1").Votes(crossholding.VotingOptions{Extra: []law.Statute{rule}})
		require.NoError(t, err)
		m, err := v.Meeting("x")
		require.NoError(t, err)
		require.Equal(t, "100", m.Counted.String())
	})
	t.Run("instead of the table", func(t *testing.T) {
		rule := at(func(s *law.Statute) { s.Country = "JP" })
		opt := crossholding.VotingOptions{Statutes: []law.Statute{rule}}
		require.Equal(t, "0", votesOf(t, "x JP; y JP; x>y 6; y>x 10", "y", "x", opt).Exercisable.String())
		opt.Statutes = []law.Statute{}
		require.Equal(t, "10", votesOf(t, "x JP; y JP; x>y 30; y>x 10", "y", "x", opt).Exercisable.String(), "an empty table")
	})
	t.Run("5% for an Italian SME", func(t *testing.T) {
		table := law.Statutes()
		for i := range table {
			if table[i].ID == "IT-121" {
				table[i].Threshold = one("5%")
			}
		}
		book := "x IT listed; y IT listed; x>y 6; y>x 4"
		require.Equal(t, "4", votesOf(t, book, "y", "x", crossholding.VotingOptions{Statutes: table}).Exercisable.String())
		require.Equal(t, "3", votesOf(t, book, "y", "x", crossholding.VotingOptions{}).Exercisable.String())
	})
}

func TestBadRules(t *testing.T) {
	half, ok := ratio.MustParse("1/2"), "a book"
	good := law.Statute{ID: "ok", Citation: ok, Country: "CH", Kind: law.TestControls, Threshold: half}
	bad := []struct {
		change func(*law.Statute)
		want   string
	}{
		{func(s *law.Statute) { s.ID = "" }, "a rule without id"},
		{func(s *law.Statute) { s.ID = "ok" }, `rule "ok" twice`},
		{func(s *law.Statute) { s.Citation = "" }, "without citation"},
		{func(s *law.Statute) { s.Country = "XX" }, `"XX" is no country of ISO 3166`},
		{func(s *law.Statute) { s.Country = "" }, "wants either a country or an issuer"},
		{func(s *law.Statute) { s.Issuer = "x" }, "wants either a country or an issuer"},
		{func(s *law.Statute) { s.From = "2020-13-01" }, "is not a date"},
		{func(s *law.Statute) { s.From, s.To = "2020-01-01", "2019-01-01" }, "before it begins"},
		{func(s *law.Statute) { s.Verified = "yes" }, `"yes" is not read`},
		{func(s *law.Statute) { s.Kind = "owns" }, `"owns" is no kind of test`},
		{func(s *law.Statute) { s.Measure = "seats" }, `"seats" is not votes or shares`},
		{func(s *law.Statute) { s.Effect = "fine" }, `"fine" is no effect`},
		{func(s *law.Statute) { s.Threshold = ratio.Int(2) }, "threshold 2 is not within 0 and 1"},
		{func(s *law.Statute) { s.Threshold = ratio.Int(-1) }, "threshold -1 is not within 0 and 1"},
		{func(s *law.Statute) { s.Threshold = ratio.MustParse("1/3") }, "control below one half"},
		{func(s *law.Statute) { s.Presumed = half }, "presumed is not below the threshold"},
		{func(s *law.Statute) { s.Kind, s.Presumed = law.TestHolds, half }, "only control is presumed"},
		{func(s *law.Statute) { s.Measure = law.MeasureShares }, "control is by votes"},
		{func(s *law.Statute) { s.Treasury = true }, "control is by votes"},
		{func(s *law.Statute) {
			s.Kind, s.Threshold, s.AtLeast = law.TestHolds, ratio.Ratio{}, true
		}, "whoever holds nothing reaches 0"},
		{func(s *law.Statute) { s.MaxFraction = half }, "max_fraction belongs to cap and part"},
		{func(s *law.Statute) { s.Effect = law.EffectSecondToCross }, "second to cross belongs to mutual"},
		{func(s *law.Statute) { s.Effect = law.EffectSmaller }, "smaller belongs to holds"},
		{func(s *law.Statute) { s.Effect = law.EffectExcess }, "excess belongs to holds and mutual"},
		{func(s *law.Statute) { s.Threshold = ratio.MustParse("0.9000000000000000000000001") }, "finer than 64 bits"},
		{func(s *law.Statute) {
			s.Kind, s.Effect = law.TestOwnShares, law.EffectPart
		}, "all votes of own shares are suspended"},
	}
	list := []law.Statute{good}
	for i, b := range bad {
		s := good
		s.ID = fmt.Sprintf("bad%d", i)
		b.change(&s)
		list = append(list, s)
	}
	_, err := lawAlliance(t, "x CH").Votes(crossholding.VotingOptions{Statutes: list})
	var all *crossholding.InputError
	require.ErrorAs(t, err, &all)
	for i, b := range bad {
		place := fmt.Sprintf("statutes[%d]", i+1)
		require.True(t, slices.ContainsFunc(all.Faults, func(f crossholding.Fault) bool {
			kind := errors.Is(f, law.ErrRule) || errors.Is(f, crossholding.ErrUnknown) || errors.Is(f, crossholding.ErrDate)
			return kind && strings.HasPrefix(f.Place, place) && strings.Contains(f.Reason, b.want)
		}), "%s: %s\nin %v", place, b.want, err)
	}
	require.NotContains(t, err.Error(), "statutes[0]", "the good one")
}
