"""The texts that gates compare token ids and embeddings on; no two mean the same once cleaned."""

from __future__ import annotations

TEXTS = (
    "a photo of a red dress",
    "A Blue SHIRT with White Stripes",
    "black leather ankle boots, size 38",
    "t-shirt: 100% cotton, don't tumble-dry!",
    "  wide\tspaces\n and new lines  ",
    "it's the children's; we'll, they've, I'd, you're, I'm",
    "naïve café crème — “très chic” ‘robe’",
    "淺藍色連衣裙 かわいいドレス 빨간 드레스",
    "платье в цветочек",
    "emoji 👗👠 and flags 🇫🇷",
    "&lt;b&gt;bold&lt;/b&gt; &amp; more",
    "under_scores_and-hyphens/and.slashes",
    "12345 67,890.12 €49.90 $50 50%",
    "İstanbul STRASSE straße ǅ ﬁne ｆｕｌｌ",
    "mojibake: cafÃ© âœ” schÃ¶n",
    "a",
    "...!?#@",
    "a very long description " * 40,
    "supercalifragilisticexpialidocious" * 12,
    "",
)
