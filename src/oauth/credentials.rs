//! What a caller supplies for a request.

use core::fmt;

use crate::dialect::Field;
use crate::secret::Secret;
use crate::store::TokenStore;

/// Where a request's fields come from: [`Credentials`], or whatever else has them. Each is asked for when it is needed,
/// more than once, and has to be the same each time.
pub trait Fields {
    /// The value of `field`, where there is one.
    fn field(&self, field: Field) -> Option<Secret<'_>>;
}

impl<F: Fields + ?Sized> Fields for &F {
    #[inline(always)] // It is one more step to what has them.
    fn field(&self, field: Field) -> Option<Secret<'_>> {
        (**self).field(field)
    }
}

/// What a caller supplies, and the tokens of a store where it has none; all of it read where it stands.
pub(crate) struct OrStored<'a> {
    pub(crate) given: &'a dyn Fields,
    pub(crate) store: &'a TokenStore<'a>,
}

impl Fields for OrStored<'_> {
    fn field(&self, field: Field) -> Option<Secret<'_>> {
        self.given.field(field).or_else(|| stored(self.store, field))
    }
}

fn stored<'s>(store: &'s TokenStore<'_>, field: Field) -> Option<Secret<'s>> {
    match field {
        Field::AccessToken => store.access_token(),
        Field::RefreshToken => store.refresh_token(),
        Field::PendingToken => store.pending_token(),
        _ => None,
    }
}

/// What a caller supplies for a request: any of the [`Field`]s. A request takes those that it needs.
///
/// Lends the bytes and copies none; `Debug` shows which fields are given, and no value.
///
/// ```
/// use pos_token::Credentials;
/// let credentials = Credentials::new().username("till-7@example.com").password("correct horse");
/// assert_eq!(format!("{credentials:?}"), "Credentials { username, password }");
/// ```
#[derive(Clone, Copy, Default)]
pub struct Credentials<'a> {
    fields: [Option<Secret<'a>>; Field::ALL.len()],
}

impl<'a> Credentials<'a> {
    /// Nothing given yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With this value for `field`.
    #[must_use]
    pub fn with(mut self, field: Field, value: impl Into<Secret<'a>>) -> Self {
        self.set(field, value);
        self
    }

    /// This value for `field`, from now on.
    pub fn set(&mut self, field: Field, value: impl Into<Secret<'a>>) {
        if let Some(slot) = self.fields.get_mut(index(field)) {
            *slot = Some(value.into());
        }
    }

    /// The value of `field`, where it was given.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<Secret<'a>> {
        self.fields.get(index(field)).copied().flatten()
    }

    /// With the tokens that the store holds, where none was given.
    #[must_use]
    pub fn or_stored(mut self, store: &'a TokenStore<'_>) -> Self {
        for (field, slot) in Field::ALL.into_iter().zip(&mut self.fields) {
            *slot = slot.or_else(|| stored(store, field));
        }
        self
    }

    /// With this user name.
    #[must_use]
    pub fn username(self, value: impl Into<Secret<'a>>) -> Self {
        self.with(Field::Username, value)
    }

    /// With this password.
    #[must_use]
    pub fn password(self, value: impl Into<Secret<'a>>) -> Self {
        self.with(Field::Password, value)
    }

    /// With this client identifier.
    #[must_use]
    pub fn client_id(self, value: impl Into<Secret<'a>>) -> Self {
        self.with(Field::ClientId, value)
    }

    /// With this client secret.
    #[must_use]
    pub fn client_secret(self, value: impl Into<Secret<'a>>) -> Self {
        self.with(Field::ClientSecret, value)
    }

    /// With this linked device.
    #[must_use]
    pub fn linked_device_id(self, value: impl Into<Secret<'a>>) -> Self {
        self.with(Field::LinkedDeviceId, value)
    }

    /// With this PIN of the linked device.
    #[must_use]
    pub fn pin(self, value: impl Into<Secret<'a>>) -> Self {
        self.with(Field::Pin, value)
    }

    /// With this scope.
    #[must_use]
    pub fn scope(self, value: impl Into<Secret<'a>>) -> Self {
        self.with(Field::Scope, value)
    }

    /// With this refresh token, instead of the store's.
    #[must_use]
    pub fn refresh_token(self, value: impl Into<Secret<'a>>) -> Self {
        self.with(Field::RefreshToken, value)
    }

    /// With this access token, instead of the store's.
    #[must_use]
    pub fn access_token(self, value: impl Into<Secret<'a>>) -> Self {
        self.with(Field::AccessToken, value)
    }

    /// With this pending token, instead of the store's.
    #[must_use]
    pub fn pending_token(self, value: impl Into<Secret<'a>>) -> Self {
        self.with(Field::PendingToken, value)
    }

    /// With this code for the second step of a log-in.
    #[must_use]
    pub fn code(self, value: impl Into<Secret<'a>>) -> Self {
        self.with(Field::Code, value)
    }

    /// With this store code.
    #[must_use]
    pub fn store_code(self, value: impl Into<Secret<'a>>) -> Self {
        self.with(Field::StoreCode, value)
    }
}

impl Fields for Credentials<'_> {
    fn field(&self, field: Field) -> Option<Secret<'_>> {
        self.get(field)
    }
}

/// The numbers of `Field` start at 1.
#[allow(clippy::as_conversions)]
const fn index(field: Field) -> usize {
    (field as usize).saturating_sub(1)
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Given(self).fmt(f)
    }
}

/// Shows which fields there are, and no value.
pub(super) struct Given<'f, F>(pub(super) &'f F);

impl<F: Fields> fmt::Debug for Given<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials {")?;
        let given = Field::ALL.into_iter().filter(|field| self.0.field(*field).is_some());
        for (index, field) in given.enumerate() {
            write!(f, "{} {}", if index == 0 { "" } else { "," }, field.name())?;
        }
        f.write_str(" }")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_the_fields_are_their_places() {
        for (index, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field as usize, index + 1);
        }
    }
}
