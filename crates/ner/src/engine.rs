//! Runs a network on tokens.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use rten::{Dimension, NodeId, Value, ValueOrView};

use crate::error::LoadError;

/// A network that says of each token how likely each label is.
pub(crate) struct Engine {
    network: rten::Model,
    inputs: Vec<(NodeId, Input)>,
    output: NodeId,
    /// It takes exactly so many tokens.
    pub(crate) fixed: Option<usize>,
    labels: usize,
    pad: i32,
}

/// What an input is to be filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Input {
    Ids,
    Mask,
    Types,
    Positions,
}

impl Engine {
    /// Reads a network of so many labels, and runs it once.
    pub(crate) fn load(file: &Path, labels: usize, pad: i32) -> Result<Self, LoadError> {
        let unreadable = |what: String| LoadError::File { path: file.to_owned(), what };
        let network = guarded(|| rten::Model::load_file(file))
            .map_err(unreadable)?
            .map_err(|error| unreadable(format!("no network that the engine reads: {error}")))?;
        let mut inputs = Vec::new();
        let mut fixed = None;
        for id in network.input_ids() {
            let info = network.node_info(*id);
            let name = info.as_ref().and_then(|info| info.name()).unwrap_or_default();
            let input = match name {
                "input_ids" => Input::Ids,
                "attention_mask" => Input::Mask,
                "token_type_ids" => Input::Types,
                "position_ids" => Input::Positions,
                other => {
                    return Err(LoadError::Model(format!(
                        "it asks for `{other}`, and gets input_ids, attention_mask, token_type_ids and position_ids"
                    )));
                }
            };
            inputs.push((*id, input));
            match info.and_then(|info| info.shape()).as_deref() {
                Some([Dimension::Fixed(batch), _]) if *batch != 1 => {
                    return Err(LoadError::Model(format!(
                        "it takes {batch} texts at once, and gets one"
                    )));
                }
                Some([_, Dimension::Fixed(length)]) => fixed = Some(*length),
                _ => {}
            }
        }
        if !inputs.iter().any(|(_, input)| *input == Input::Ids) {
            return Err(LoadError::Model("it does not ask for `input_ids`".to_owned()));
        }
        let output = match network.output_ids() {
            [only] => Some(*only),
            _ => network.find_node("logits").filter(|id| network.output_ids().contains(id)),
        };
        let output = output
            .ok_or_else(|| LoadError::Model("none of its outputs is called `logits`".to_owned()))?;
        let engine = Self { network, inputs, output, fixed, labels, pad };
        engine.likely(&[pad]).map_err(LoadError::Model)?;
        Ok(engine)
    }

    /// For each of the tokens the probability of each label, 0 to 1.
    pub(crate) fn likely(&self, ids: &[i32]) -> Result<Vec<Vec<f32>>, String> {
        let length = self.fixed.unwrap_or(ids.len()).max(ids.len());
        let fill = |input: Input| -> Vec<i32> {
            (0_i32..)
                .take(length)
                .enumerate()
                .map(|(at, position)| match (input, ids.get(at)) {
                    (Input::Ids, id) => id.copied().unwrap_or(self.pad),
                    (Input::Mask, id) => i32::from(id.is_some()),
                    (Input::Types, _) => 0,
                    (Input::Positions, _) => position,
                })
                .collect()
        };
        let mut values: Vec<(NodeId, ValueOrView<'_>)> = Vec::new();
        for (id, input) in &self.inputs {
            let value =
                Value::from_shape([1, length], fill(*input)).map_err(|error| error.to_string())?;
            values.push((*id, value.into()));
        }
        let out = guarded(|| self.network.run_n(values, [self.output], None))?
            .map_err(|error| error.to_string())?;
        let [out] = out;
        let ([batch, tokens, labels], logits) = out
            .into_shape_vec::<f32, 3>()
            .map_err(|_| "its output is not one row of numbers for each token".to_owned())?;
        if (batch, tokens, labels) != (1, length, self.labels) {
            return Err(format!(
                "it answers {tokens} tokens with {labels} labels each, where {length} tokens and {} labels were meant",
                self.labels
            ));
        }
        Ok(logits.chunks(self.labels.max(1)).take(ids.len()).map(softmax).collect())
    }
}

/// Runs what is not ours: a panic is an answer.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| "the engine broke off".to_owned())
}

fn softmax(logits: &[f32]) -> Vec<f32> {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.iter().map(|logit| (logit - most).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

#[cfg(test)]
mod encoder_tests;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_sum_to_one_however_large_the_numbers_are() {
        for logits in [[0.0, 0.0, 0.0], [1000.0, 999.0, -1000.0], [-5e30, -5e30, -5e30]] {
            let likely = softmax(&logits);
            assert!((likely.iter().sum::<f32>() - 1.0).abs() < 1e-6, "{likely:?}");
            assert!(likely[0] >= likely[1] && likely[1] >= likely[2]);
        }
        assert!((softmax(&[1.0, 0.0])[0] - 0.731_058_6).abs() < 1e-6);
    }

    #[test]
    fn a_panic_is_an_answer() {
        assert_eq!(guarded(|| 7), Ok(7));
        assert!(guarded(|| -> u8 { panic!("no") }).is_err());
    }
}
