package value

import (
	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/ratio"
)

// ImpairmentRules returns the built-in rules: Japanese practice for shares with a market price
// ("jp-practice"), IAS 28 with IAS 36 ("ias-28"), and ASC 323 ("asc-323"). The caller owns
// the result and can change its parameters.
func ImpairmentRules() []ImpairmentRule {
	return []ImpairmentRule{japanesePractice(), ias28(), asc323()}
}

// ImpairmentRuleOf returns the built-in rule with an id. It fails with
// [crossholding.ErrUnknown].
func ImpairmentRuleOf(id string) (ImpairmentRule, error) {
	for _, r := range ImpairmentRules() {
		if r.ID == id {
			return r, nil
		}
	}
	return ImpairmentRule{}, fail(crossholding.ErrUnknown, "impairment rule %q, which can be jp-practice, ias-28 or asc-323", input.Abbreviate(id))
}

func japanesePractice() ImpairmentRule {
	return ImpairmentRule{
		ID: "jp-practice", Name: "Japanese practice for shares with a market price",
		Normal: ratio.Of(1, 2), Weaker: ratio.Of(3, 10), Recovery: true, Basis: BasisFairValue,
		Sources: []Citation{{
			Place:   "JICPA Accounting Practice Committee Statement No. 14 (Practical Guidelines on Financial Instruments), paragraph 91",
			Says:    "shares other than those for trading, those of subsidiaries and affiliates included: after a significant fall the market value becomes the book value and the difference a loss, unless a recovery is expected; a fall of about 50% or more from cost is significant, and no recovery is expected then unless there is reasonable evidence; in other cases the company sets a reasonable criterion; a fall of less than about 30% is generally not significant",
			URL:     "http://global-tax-services.com/MiuraCPA/shishin91-1.htm",
			Checked: "the Japanese text was read in a copy on the site of an accountant",
		}, {
			Place:   "the same, paragraph 284",
			Says:    "a fall of 30% to less than 50% may call for a loss, depending on the circumstances, and the company's criterion can make it significant; companies use the credit standing of the issuer",
			URL:     "http://www.seiyo.or.jp/qanda/1796/",
			Checked: "quoted in part by an association of accountants; the whole paragraph was not read",
		}, {
			Place:   "ASBJ Statement No. 10 (Accounting Standard for Financial Instruments), paragraph 20",
			Says:    "if the market value of such shares falls significantly, it becomes the book value and the difference a loss of the period, unless a recovery is expected",
			URL:     "https://www.ey.com/ja_jp/library/info-sensor/2022/info-sensor-2022-10-12",
			Checked: "quoted by EY ShinNihon in 2022",
		}},
	}
}

func ias28() ImpairmentRule {
	return ImpairmentRule{
		ID: "ias-28", Name: "IAS 28 with IAS 36",
		Judged: true, Basis: BasisRecoverable, Reversal: true,
		Sources: []Citation{{
			Place:   "IAS 28, paragraphs 40 to 43 (31 to 34 before 2011)",
			Says:    "after the equity method, objective evidence decides whether the investment is tested; the whole carrying amount is tested as one asset against the recoverable amount, the higher of value in use and fair value less costs of disposal; the recoverable amount is assessed for each associate",
			URL:     "http://www.ifrs-portal.com/Texte_englisch/Standards/Standards_aktuell/IAS_28/IAS_28_3.htm",
			Checked: "the text before 2011 was read; of the present text only summaries",
		}, {
			Place:   "IAS 28, paragraph 41C",
			Says:    "a significant or prolonged decline of the fair value of shares below cost is objective evidence; no percentage is stated",
			Checked: "not verified",
		}, {
			Place:   "IAS 28, Basis for Conclusions, paragraphs BCZ42 to BCZ46",
			Says:    "the loss is not allocated to goodwill, and is reversed to the extent that the recoverable amount rises later",
			URL:     "https://service.betterregulation.com/document/430682",
			Checked: "BCZ42 to BCZ44 were read in an excerpt",
		}},
	}
}

func asc323() ImpairmentRule {
	return ImpairmentRule{
		ID: "asc-323", Name: "ASC 323",
		Judged: true, Basis: BasisFairValue,
		Sources: []Citation{{
			Place:   "ASC 323-10-35-31, 35-32 and 35-32A",
			Says:    "a loss in value that is other than temporary is recognised; a quoted price below the carrying amount is not necessarily such a loss, and all factors are evaluated; the investor does not test the assets of the investee",
			URL:     "https://dart.deloitte.com/USDART/home/codification/assets/32x/asc323-10/roadmap-equity-method-investments-jv/chapter-5-subsequent-measurement/5-5-decrease-in-investment-value",
			Checked: "the text was read in an excerpt by Deloitte",
		}, {
			Place:   "ASC 323-10-35-32, practice",
			Says:    "the loss is the carrying amount less fair value, and is not reversed later",
			Checked: "not verified",
		}},
	}
}
