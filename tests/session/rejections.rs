//! What a 401 of the API leads to, and the next, and the one after that.

use pos_token::dialect::Purpose;
use pos_token::provider::{LOYALIFE, LOYALTY_DOG, OPEN_LOYALTY, RFC6749, ZYPE};
use pos_token::session::{Policy, Rejection};

use crate::tables;
use crate::till::{Till, http};

const POLICY: Policy = Policy::new(11);
const IN_AN_HOUR: &str = r#"{"access_token":"a0561f","expires_in":3600,"refresh_token":"r0561f"}"#;
const DOG: &str = r#"{"accessToken":"a0561f"}"#;

#[test]
fn what_the_api_refuses() {
    let mut rows = vec![];
    for (name, provider, body) in [
        ("LoyaltyDog", &LOYALTY_DOG, DOG),
        ("Zype", &ZYPE, IN_AN_HOUR),
        ("Loyalife", &LOYALIFE, r#"{"results":{"token":"o"}}"#),
        ("Open Loyalty", &OPEN_LOYALTY, r#"{"token":"o","refresh_token":"r"}"#),
        ("RFC 6749", &RFC6749, IN_AN_HOUR),
    ] {
        let mut till = Till::granted(provider, POLICY, body);
        let refreshes = till.refreshes();
        let renewal = if refreshes { "Send refresh" } else { "Send log-in" };
        assert_eq!(till.rejected_at(0), Rejection::Older);
        assert_eq!(till.step(), "Use");
        let mut row = vec![name.to_owned()];
        let mut steps = vec![];
        for round in 1..=8 {
            assert_ne!(till.rejected(), Rejection::Older);
            assert_eq!(till.rejected(), Rejection::Older, "the second 401 for the same token");
            steps.push(till.step());
            if round == 8 {
                break;
            }
            till.wait();
            assert_eq!(till.step(), renewal);
            till.exchange(Till::credentials(), &http("200 OK", "", body));
            till.save();
        }
        assert_eq!((&*steps[0], &*steps[7]), (renewal, "Stop 701"), "{name}");
        assert!(steps[1..7].iter().all(|step| step == "Wait, back-off"), "{name}: {steps:?}");
        row.extend([steps[0].clone(), steps[1].clone(), steps[7].clone()]);
        // After an hour of use, what was refused before does not count any more.
        let mut till = Till::granted(provider, POLICY, body);
        for _ in 0..7 {
            let _ = till.rejected();
            till.wait();
            assert_eq!(till.step(), renewal);
            till.exchange(Till::credentials(), &http("200 OK", "", body));
            till.save();
            till.pass(3601);
        }
        // The credentials were regenerated: the token is dead, and so are they.
        let mut till = Till::granted(provider, POLICY, body);
        let _ = till.rejected();
        let refusal = match name {
            "Loyalife" => http("200 OK", "", r#"{"results":{"IsSucessful":false,"ErrorCode":"998"}}"#),
            "LoyaltyDog" => http("401 Unauthorized", "", r#"{"detail":"no"}"#),
            "Open Loyalty" => http("401 Unauthorized", "", r#"{"message":"no"}"#),
            _ => http("400 Bad Request", "", r#"{"error":"invalid_grant"}"#),
        };
        if refreshes {
            assert_eq!(till.exchange(Till::credentials(), &refusal), Purpose::Refresh);
            assert_eq!(till.step(), "Send log-in");
        }
        assert_eq!(till.exchange(Till::credentials(), &refusal), Purpose::LogIn);
        row.push(till.step());
        assert!(till.step().starts_with("Stop 5"), "{name}");
        rows.push(row);
    }
    let columns = [
        "provider",
        "a 401 on a fresh token",
        "and on the next one",
        "and eight in a row",
        "a 401, and then all is refused",
    ];
    tables::check("rejections", &tables::table(&columns, rows));
}
