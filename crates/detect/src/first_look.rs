//! What a look at a few bytes tells of the places where something may begin: at most words it is nothing.
//!
//! There is no branch for a word in it, for no processor guesses which words begin a name. Numbers and marks
//! are told apart faster where they are judged: there are many reasons for each.
//!
//! INVARIANT: a place is taken away only if the recognisers would say nothing of it. The tests run the search
//! without these looks, too.

use crate::classes::{Classes, Starts};
use crate::kinds::credential::token;
use crate::look::Look;

/// So many bytes are looked at from the beginning of a block on.
pub(crate) const WIDTH: usize = 80;

/// The end of a text, and noughts behind it.
#[inline(never)]
fn with_noughts(text: &[u8]) -> [u8; WIDTH] {
    let mut out = [0; WIDTH];
    out.iter_mut().zip(text).for_each(|(to, byte)| *to = *byte);
    out
}

/// Takes from the starts words of every day, and runs of letters with which no key begins. `base` is where
/// the block `now` begins.
#[inline(always)]
pub(crate) fn sift(
    look: &Look<'_>,
    base: usize,
    starts: &mut Starts,
    now: &Classes,
    next: &Classes,
) {
    let rest = look.text.get(base..).unwrap_or_default();
    let padded;
    let text = if let Some(text) = rest.first_chunk() {
        text
    } else {
        padded = with_noughts(rest);
        &padded
    };
    // `-----BEGIN`: a word behind a dash is looked at.
    let dashed = now.token & !now.words;
    let joined = starts.capitals & (dashed << 1 | u64::from(look.before(base) == b'-'));
    let length = |at: u32| now.words >> at | (next.words << 1) << (63 - at);
    starts.capitals = joined | look.lexicon.without_dull(text, starts.capitals ^ joined, length);
    let mut left = starts.tokens;
    while left != 0 {
        let at = left.trailing_zeros();
        left &= left - 1;
        if let Some([a, b, c, _, e]) = text.get(at as usize..).and_then(<[u8]>::first_chunk::<5>) {
            // Or six pairs with dashes between, or three groups with dots.
            let may_be = (*c == b'-') | (*e == b'.') | token::may_begin(*a, *b);
            starts.tokens ^= u64::from(!may_be) << at;
        }
    }
}
