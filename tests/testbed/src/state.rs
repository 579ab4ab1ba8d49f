//! The tokens that a server has issued.

use std::sync::Mutex;

use crate::time;

/// One granted access token and what belongs to it.
#[derive(Clone, Default)]
pub(crate) struct Grant {
    pub(crate) access: String,
    pub(crate) refresh: Option<String>,
    /// The refresh token that was exchanged for this grant, where it dies later than at once.
    pub(crate) previous: Option<String>,
    pub(crate) user: String,
    /// When the access token dies, in seconds since 1970.
    pub(crate) expires: i64,
    /// Whether access and refresh token were revoked together.
    pub(crate) revoked: bool,
}

/// All grants of a server.
#[derive(Default)]
pub(crate) struct Grants(Mutex<Vec<Grant>>);

impl Grants {
    pub(crate) fn add(&self, grant: Grant) {
        self.change(|grants| grants.push(grant));
    }

    /// The grant whose living access token this is.
    pub(crate) fn by_access(&self, token: &str) -> Option<Grant> {
        let now = time::now();
        self.find(|grant| grant.access == token && !grant.revoked && now < grant.expires)
    }

    /// The grant whose living refresh token this is; it outlives the access token.
    pub(crate) fn by_refresh(&self, token: &str) -> Option<Grant> {
        self.find(|grant| grant.refresh.as_deref() == Some(token) && !grant.revoked)
    }

    /// Ends the grants of this access or refresh token, both tokens at once.
    pub(crate) fn revoke(&self, token: &str) {
        self.change(|grants| {
            let its = |grant: &&mut Grant| grant.access == token || grant.refresh.as_deref() == Some(token);
            grants.iter_mut().filter(its).for_each(|grant| grant.revoked = true);
        });
    }

    /// Ends a refresh token and leaves the access tokens that came with it.
    pub(crate) fn forget_refresh(&self, token: &str) {
        self.forget_refreshes(|grant| grant.refresh.as_deref() == Some(token));
    }

    /// Ends every refresh token of a user.
    pub(crate) fn forget_refreshes_of(&self, user: &str) {
        self.forget_refreshes(|grant| grant.user == user);
    }

    /// Ends everything.
    pub(crate) fn clear(&self) {
        self.change(Vec::clear);
    }

    fn forget_refreshes(&self, chosen: impl Fn(&Grant) -> bool) {
        self.change(|grants| grants.iter_mut().filter(|grant| chosen(grant)).for_each(|grant| grant.refresh = None));
    }

    fn find(&self, wanted: impl Fn(&Grant) -> bool) -> Option<Grant> {
        self.change(|grants| grants.iter().find(|grant| wanted(grant)).cloned())
    }

    fn change<T>(&self, work: impl FnOnce(&mut Vec<Grant>) -> T) -> T {
        work(&mut self.0.lock().expect("no thread panics while it holds the lock"))
    }
}
