// What an end user thinks of a look, said by keys.

import { may, useAccount } from "../account/account.js";
import { call } from "../api/call.js";
import { tell } from "../parts/notices.js";
import { explained, texts } from "../texts.js";

const KINDS = /** @type {const} */ (["LIKE", "WEAR", "SKIP"]);

/** The keys that say it; none where nobody is named, or the user may not write. @param {string} endUser @param {string} ids of the look's items @param {(skipped: boolean) => void} onSaid */
export function useFeedback(endUser, ids, onSaid) {
  const account = useAccount();
  if (!endUser || !may(account, "WRITE")) return [];
  return KINDS.map((kind) => {
    const [text = "", shown = ""] = texts.outfits.feedback[kind];
    const act = () => void call("OutfitService/RecordFeedback", { endUser, kind: `FEEDBACK_KIND_${kind}`, itemIds: ids.split(",") })
      .then(() => (tell(texts.outfits.said(text)), onSaid(kind === "SKIP")))
      .catch((error) => tell(explained(error)));
    return { key: shown.toLowerCase(), shown, text, off: !ids, act };
  });
}
