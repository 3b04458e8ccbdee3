package law

import "github.com/crossholding/crossholding/ratio"

// statutes is the built-in table. "Read" means that the article's words were
// read, "secondary" that another's account of them was. It is never changed.
var statutes = [...]Statute{
	{
		ID: "BR-244", Country: "BR", Citation: "Lei nº 6.404/1976, art. 244 §2", From: "1977-02-15", Verified: "read",
		Kind: TestControls, Threshold: ratio.Of(1, 2),
		Note: "start date not verified; the ban among associated companies (20%) silences nothing",
	},
	{
		ID: "CN-141", Country: "CN", Citation: "Company Law of the PRC (2023), art. 141, 265(2)", From: "2024-07-01", Verified: "read",
		Listed: true, Kind: TestControls, Threshold: ratio.Of(1, 2),
		Note: "fewer votes that weigh heavily on resolutions control too (art. 265(2)): a book does not say which do",
	},
	{
		ID: "CN-141-shares", Country: "CN", Citation: "Company Law of the PRC (2023), art. 141, 265(2)", From: "2024-07-01", Verified: "read",
		Listed: true, Kind: TestHolds, Measure: MeasureShares, Threshold: ratio.Of(1, 2), Treasury: true, CountsSuspended: true, Group: true,
		Note: "more than half of the share capital does without a majority of the votes; that subsidiaries' shares count is not in the words",
	},
	{
		ID: "DE-71b", Country: "DE", Citation: "§ 71b AktG", From: "1979-07-01", Verified: "read", Kind: TestOwnShares,
	},
	{
		ID: "DE-71d", Country: "DE", Citation: "§ 71d S. 2, 4 AktG mit § 16 Abs. 2", From: "1979-07-01", Verified: "read",
		Kind: TestControls, Threshold: ratio.Of(1, 2), CountsSuspended: true,
		Note: "dependency without a majority (§ 17) is not presumed; of mutual majorities both are silent (§ 19 Abs. 3)",
	},
	{
		ID: "DE-71d-shares", Country: "DE", Citation: "§ 71d S. 2, 4 AktG mit § 16 Abs. 1, 2, 4", From: "1979-07-01", Verified: "read",
		Kind: TestHolds, Measure: MeasureShares, Threshold: ratio.Of(1, 2), CountsSuspended: true, Group: true,
		Note: "a majority of the shares does without one of the votes",
	},
	{
		ID: "DE-328", Country: "DE", Citation: "§§ 19, 328 AktG", From: "1966-01-01", Verified: "read",
		Kind: TestMutual, Measure: MeasureShares, Threshold: ratio.Of(1, 4), Treasury: true, CountsSuspended: true, Group: true, Domestic: true, NotWithinGroup: true,
		Effect: EffectExcess,
		Note:   "apart is by votes only; the one that gave notice first keeps its votes (§ 328 Abs. 2): a book does not say who did; that it may not vote for the supervisory board of a listed company (Abs. 3) is no matter of counts",
	},
	{
		ID: "ES-148", Country: "ES", Citation: "art. 148 LSC", From: "2010-09-01", Verified: "read",
		Kind: TestControls, Threshold: ratio.Of(1, 2),
	},
	{
		ID: "ES-148-own", Country: "ES", Citation: "art. 148 LSC", From: "2010-09-01", Verified: "read",
		Kind: TestOwnShares, Treasury: true, Note: "own shares stay in the capital that quorum and majorities are counted on",
	},
	{
		ID: "ES-151", Country: "ES", Citation: "arts. 151 a 155 LSC", From: "2010-09-01", Verified: "read",
		Kind: TestMutual, Measure: MeasureShares, Threshold: ratio.Of(1, 10), Treasury: true, CountsSuspended: true, Group: true, NotWithinGroup: true,
		Effect: EffectSecondToCross,
		Note:   "the law looks at who is first notified; the later crosser by lots stands for it, both if unknown (art. 153)",
	},
	{
		ID: "FR-225-111", Country: "FR", Citation: "C. com., art. L.225-111, L.225-210", From: "2000-09-21", Verified: "read", Kind: TestOwnShares,
		Note: "L.225-210 was read, L.225-111 was not",
	},
	{
		ID: "FR-233-29", Country: "FR", Citation: "C. com., art. L.233-29", From: "2000-09-21", Verified: "read",
		Kind: TestHolds, Measure: MeasureShares, Threshold: ratio.Of(1, 10), Treasury: true, Domestic: true, Effect: EffectSmaller,
		Note: "whether it reaches a foreign company is doubtful; it is not applied to one",
	},
	{
		ID: "FR-233-31", Country: "FR", Citation: "C. com., art. L.233-31, L.233-3", From: "2000-09-21", Verified: "read",
		Kind: TestControls, Threshold: ratio.Of(1, 2), Presumed: ratio.Of(2, 5),
		Note: "the presumption above 40% is rebuttable; two holders with the same share above 40%: neither (CNCC EJ 2020-65, not verified)",
	},
	{
		ID: "GB-136", Country: "GB", Citation: "Companies Act 2006, ss. 136, 137, 1159", From: "2009-10-01", Verified: "secondary",
		Kind: TestControls, Threshold: ratio.Of(1, 2),
		Fiduciary: true,
		Note:      "a holding acquired as a subsidiary is void; one that s. 137 tolerates has no votes",
	},
	{
		ID: "GB-726", Country: "GB", Citation: "Companies Act 2006, s. 726(2)", From: "2009-10-01", Verified: "read", Kind: TestOwnShares,
	},
	{
		ID: "IN-19", Country: "IN", Citation: "Companies Act 2013, s. 19 with s. 2(87)", From: "2013-09-12", Verified: "read",
		Kind: TestControls, Threshold: ratio.Of(1, 2), CountsSuspended: true, Fiduciary: true,
	},
	{
		ID: "IT-121", Country: "IT", Citation: "art. 121 co. 1, 120 co. 2, d.lgs. 58/1998 (TUF)", From: "2016-03-18", Verified: "read",
		Listed: true, Domestic: true, Kind: TestMutual, Threshold: ratio.Of(3, 100), Treasury: true, CountsSuspended: true, Group: true, NotWithinGroup: true, Effect: EffectSecondToCross,
		Note: "art. 120 co. 2 speaks of Italian listed issuers alone; 5% for a small or medium issuer or after an agreement of both meetings, 10% for both together: override the threshold; co. 3 (the holder's holder) and co. 5 (after a bid for 60%) are not looked at; the whole stake after twelve months: a book does not say; start date and treasury in the base not verified",
	},
	{
		ID: "IT-121-1998", Country: "IT", Citation: "art. 121 co. 1, 120 co. 2, d.lgs. 58/1998 (TUF)", From: "1998-07-01", To: "2016-03-17", Verified: "read",
		Listed: true, Domestic: true, Kind: TestMutual, Threshold: ratio.Of(1, 50), Treasury: true, CountsSuspended: true, Group: true, NotWithinGroup: true, Effect: EffectSecondToCross,
		Note: "of an unlisted company 10% was the limit (art. 120 co. 3), which is not looked at; 5% after an agreement of both meetings; the first and last day and treasury in the base not verified",
	},
	{
		ID: "IT-2357-ter", Country: "IT", Citation: "art. 2357-ter co. 2 c.c.", From: "2010-12-01", Verified: "secondary", Kind: TestOwnShares, Treasury: true,
		Note: "of an unlisted company they stay in the base (Cass. 23950/2018)",
	},
	{
		ID: "IT-2357-ter-listed", Country: "IT", Citation: "art. 2357-ter co. 2, 2368 co. 3 c.c.", From: "2010-12-01", Verified: "secondary",
		Kind: TestOwnShares, Listed: true,
	},
	{
		ID: "IT-2359-bis", Country: "IT", Citation: "art. 2359-bis co. 5, 2359 c.c.", Verified: "not verified",
		Kind: TestControls, Threshold: ratio.Of(1, 2), Note: "art. 2359 was read, 2359-bis was not",
	},
	{
		ID: "JP-308-1", Country: "JP", Citation: "Companies Act (Japan), art. 308(1); Ordinance for Enforcement, art. 67", From: "2006-05-01", Verified: "read",
		Kind: TestHolds, Threshold: ratio.Of(1, 4), AtLeast: true, CountsSuspended: true, Group: true,
		Note: "lifted for an item on which nobody else can vote",
	},
	{
		ID: "JP-308-2", Country: "JP", Citation: "Companies Act (Japan), art. 308(2)", From: "2006-05-01", Verified: "read", Kind: TestOwnShares,
	},
	{
		ID: "KR-369-2", Country: "KR", Citation: "Commercial Act (Korea), art. 369(2)", From: "1963-01-01", Verified: "read", Kind: TestOwnShares,
	},
	{
		ID: "KR-369-3", Country: "KR", Citation: "Commercial Act (Korea), art. 369(3)", From: "1984-09-01", Verified: "read",
		Kind: TestHolds, Measure: MeasureShares, Threshold: ratio.Of(1, 10), Treasury: true, CountsSuspended: true, Group: true,
		Note: "a subsidiary is found by votes, the article by issued shares",
	},
	{
		ID: "TR-201", Country: "TR", Citation: "TTK m. 197, 201", From: "2012-07-01", Verified: "secondary",
		Kind: TestMutual, Measure: MeasureShares, Threshold: ratio.Of(1, 4), AtLeast: true, CountsSuspended: true, NotWithinGroup: true, Domestic: true,
		Effect: EffectPart, MaxFraction: ratio.Of(1, 4),
		Note: "reaches the company that knowingly entered the mutual holding: a book does not say which, both are limited",
	},
	{
		ID: "TR-389", Country: "TR", Citation: "TTK m. 389, 379", From: "2012-07-01", Verified: "read",
		Kind: TestControls, Threshold: ratio.Of(1, 2), CountsSuspended: true,
		Note: "of mutual majorities both freeze (art. 197)",
	},
	{
		ID: "TR-389-own", Country: "TR", Citation: "TTK m. 389", From: "2012-07-01", Verified: "read", Kind: TestOwnShares,
	},
	{
		ID: "TW-179", Country: "TW", Citation: "Company Act (Taiwan), art. 179(2)", From: "2005-06-24", Verified: "read",
		Kind: TestHolds, Threshold: ratio.Of(1, 2), CountsSuspended: true, Group: true,
		Note: "start date not verified; the votes that the third tier loses in its direct parent too are left out",
	},
	{
		ID: "TW-179-own", Country: "TW", Citation: "Company Act (Taiwan), art. 179(2)(1)", From: "2005-06-24", Verified: "read", Kind: TestOwnShares,
	},
	{
		ID: "TW-369-10", Country: "TW", Citation: "Company Act (Taiwan), art. 369-9, 369-10", From: "1997-06-27", Verified: "read",
		Kind: TestMutual, Threshold: ratio.Of(1, 3), AtLeast: true, CountsSuspended: true, Group: true, NotWithinGroup: true,
		Effect: EffectCap, MaxFraction: ratio.Of(1, 3),
		Note: "art. 179 prevails for a majority-owned holder; the one that gave notice and got none is not limited (369-10(2)): a book does not say who did",
	},
	{
		ID: "US-CA-703b", Country: "US-CA", Citation: "Cal. Corp. Code §§ 703(b), 189(b)", From: "1977-01-01", Verified: "read",
		Kind: TestHolds, Threshold: ratio.Of(1, 4), Group: true, Domestic: true, Fiduciary: true,
		Note: "of a domestic holder only, on the literal reading of § 162",
	},
	{
		ID: "US-DE-160c", Country: "US-DE", Citation: "8 Del. C. § 160(c)", From: "1970-07-01", Verified: "read",
		Kind: TestControls, Threshold: ratio.Of(1, 2), Fiduciary: true,
		Note: "the text of 1970 was read; its extension to holders that are no corporations and the first day were not",
	},
	{
		ID: "US-DE-160c-own", Country: "US-DE", Citation: "8 Del. C. § 160(c)", From: "1970-07-01", Verified: "read", Kind: TestOwnShares,
	},
}
