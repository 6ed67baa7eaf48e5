//! Work on many things that have nothing to do with each other, on the cores that are there.

use std::num::NonZero;

/// More threads than this do not help one process that also reads.
const MOST: usize = 8;

/// Does the same with each, on as many threads as there are cores. Only for work that waits for
/// nothing: the thread that calls takes its share.
pub fn side_by_side<T: Send>(items: &mut [T], work: impl Fn(&mut T) + Sync) {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get).min(MOST);
    let share = items.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        let mut shares = items.chunks_mut(share);
        let mine = shares.next();
        for items in shares {
            scope.spawn(|| items.iter_mut().for_each(&work));
        }
        mine.into_iter().flatten().for_each(&work);
    });
}

#[cfg(test)]
mod tests {
    use super::side_by_side;

    #[test]
    fn each_is_worked_on_once() {
        for count in [0, 1, 2, 7, 100] {
            let mut items: Vec<usize> = (0..count).collect();
            side_by_side(&mut items, |item| *item += 1000);
            assert_eq!(items, (1000..1000 + count).collect::<Vec<_>>());
        }
    }
}
