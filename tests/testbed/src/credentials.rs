//! The credentials that the servers accept. They are made up, and valid nowhere else.

/// For the server `loyaltydog`.
pub mod loyalty_dog {
    /// Who logs in.
    pub const USERNAME: &str = "till-7@example.com";
    /// The password, with characters that every encoding has to escape.
    pub const PASSWORD: &str = "Corn&r shop=100% + tea";
    /// A user who is asked for [`MFA_CODE`] after the password.
    pub const MFA_USERNAME: &str = "mfa@example.com";
    /// The code of the second step.
    pub const MFA_CODE: &str = "031337";
    /// The HS512 key of the tokens.
    pub const SIGNING_KEY: &[u8; 64] = b"testbed: LoyaltyDog's HS512 key, sixty-four bytes of plain text.";
}

/// For the server `zype`.
pub mod zype {
    /// The client.
    pub const CLIENT_ID: &str = "Vd0wGZ3ZkWbCqmfGkVqGyYq3cmZ9sS0l7xYc5TqVqg8";
    /// The client's secret.
    pub const CLIENT_SECRET: &str = "5kR+VmTjWb/9sQb0nV8s2rC4cPq1mA7xKd3uYh6eZt0=";
    /// Who logs in.
    pub const USERNAME: &str = "till-7@example.com";
    /// The password, with characters that every encoding has to escape.
    pub const PASSWORD: &str = "caf\u{e9} \"au\" l\\ait";
    /// A linked device, in place of the username.
    pub const LINKED_DEVICE_ID: &str = "till-0007-linked";
    /// The linked device's PIN.
    pub const PIN: &str = "zizm529";
}

/// For the server `loyalife`.
pub mod loyalife {
    /// The client.
    pub const CLIENT_ID: &str = "program-7";
    /// The client's secret.
    pub const CLIENT_SECRET: &str = "kX9+/=<secret>&'7'";
    /// A member's `RelationReference`; with it the scope is `["LOGIN","<reference>"]`. Any other is accepted too.
    pub const RELATION_REFERENCE: &str = "jane \"J\\D\" d\u{f6}e@example.com";
    /// The HS512 key of the tokens.
    pub const SIGNING_KEY: &[u8; 81] =
        b"testbed: Loyalife's HS512 key. Longer than 64 bytes, shorter than a SHA-512 block";
    /// The tokens' `iss`.
    pub const ISSUER: &str = "https://loyalife.example/oauth";
    /// The tokens' `aud`.
    pub const AUDIENCE: &str = "loyalife-api";
}

/// For the server `openloyalty`.
pub mod open_loyalty {
    /// Who logs in at `/api/admin/login_check`.
    pub const ADMIN_USERNAME: &str = "admin@example.com";
    /// The admin's password.
    pub const ADMIN_PASSWORD: &str = "p/w<7>\u{1f511}";
    /// The only store.
    pub const STORE_CODE: &str = "DEFAULT";
    /// Who logs in at `/api/{storeCode}/member/login_check`.
    pub const MEMBER_USERNAME: &str = "member@example.com";
    /// The member's password.
    pub const MEMBER_PASSWORD: &str = "loyal-since-1999";
}

/// For the server `rfc6749`. Identifier and secret hold characters that must be form-encoded before base64.
pub mod rfc6749 {
    /// The client.
    pub const CLIENT_ID: &str = "kiosk:7 (south)";
    /// The client's secret.
    pub const CLIENT_SECRET: &str = "s+cret/100%&=:\u{fc}";
    /// Who logs in.
    pub const USERNAME: &str = "till-7@example.com";
    /// The password, with characters that every encoding has to escape.
    pub const PASSWORD: &str = "open: sesame & co";
    /// The scope of every token.
    pub const SCOPE: &str = "points:read points:write";
}
