//! The sizes of all types, proven here when this library is compiled, and in the header when a C program is: both sides
//! have the same list, on every target whose pointers and lengths are of one size.

macro_rules! sizes {
    ($($module:ident::$type:ident, $size:expr;)+) => {
        const _: () = {
            /// The size of a pointer and of a length.
            const P: usize = size_of::<*const u8>();
            assert!(size_of::<usize>() == P);
            $(assert!(size_of::<crate::$module::$type>() == $size);)+
        };
    };
}

sizes! {
    span::pos_token_span, 2 * P;
    provider::pos_token_parameter, 5 * P;
    provider::pos_token_exchange, 4 * P + 8;
    provider::pos_token_member, 3 * P;
    provider::pos_token_provider, 14 * P + 8;
    request::pos_token_credentials, 32 * P;
    request::pos_token_request, 4 * P;
    request::pos_token_header, 4 * P;
    request::pos_token_endpoint, 11 * P;
    store::pos_token_store, 2 * P + 64;
    answer::pos_token_answer_options, 8;
    answer::pos_token_answer, 2 * P + 248;
    answer::pos_token_when, 16;
    answer::pos_token_result, 88;
    exchange::pos_token_transport, 4 * P + 24;
    jwt::pos_token_hs512_key, 136;
    jwt::pos_token_mac, 3 * P;
    jwt::pos_token_validation, 8 * P + 16;
    jwt::pos_token_claims, 2 * P + 32;
    jwt::pos_token_unverified_claims, 2 * P + 32;
    jwt::pos_token_verified_claims, 2 * P + 40;
    clock::pos_token_now, 16;
    clock::pos_token_clock, 16;
    clock::pos_token_uptime, 8;
    policy::pos_token_policy, 64;
    session::pos_token_session, 4 * P + 176;
    step::pos_token_in_use, 2 * P + 16;
    step::pos_token_step, 2 * P + 48;
    step::pos_token_begun, 4 * P + 8;
    step::pos_token_last_known, 2 * P + 80;
    record::pos_token_storage, 4 * P + 8;
    record::pos_token_restored, 12;
    record::pos_token_record, 8;
}
