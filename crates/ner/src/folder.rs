//! The folder of a model, as the tools that train and export models write it: `model.onnx` (or
//! `onnx/model.onnx`), `tokenizer.json`, `config.json`, and perhaps `tokenizer_config.json`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::error::LoadError;

/// The files of a model.
#[derive(Debug)]
pub(crate) struct Folder {
    pub(crate) onnx: PathBuf,
    pub(crate) tokenizer: PathBuf,
    pub(crate) config: PathBuf,
    tokenizer_config: Option<PathBuf>,
}

/// What `config.json` says that is needed here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Config {
    /// The labels in the order of the outputs.
    pub(crate) labels: Vec<String>,
    /// The id of the token that fills up.
    pub(crate) pad: i32,
    /// Most tokens of one run, where something says so.
    pub(crate) most: Option<usize>,
}

/// Where the network itself may lie in a folder.
const PLACES: [&str; 4] =
    ["model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx"];
/// The same in forms that are not read.
const OTHERS: [&str; 3] = ["model.safetensors", "pytorch_model.bin", "tf_model.h5"];
/// Kinds of models that count positions from behind the padding.
const COUNT_FROM_PADDING: [&str; 7] = [
    "roberta",
    "xlm-roberta",
    "xlm-roberta-xl",
    "camembert",
    "longformer",
    "mpnet",
    "data2vec-text",
];

impl Folder {
    /// Finds the files. `path` is the folder, or the `.onnx` file in it.
    pub(crate) fn find(path: &Path) -> Result<Self, LoadError> {
        let missing = |path: &Path, what: &str| LoadError::Missing {
            path: path.to_owned(),
            what: what.to_owned(),
        };
        let onnx = if path.is_file() {
            path.to_owned()
        } else if path.is_dir() {
            let known = PLACES.iter().map(|place| path.join(place)).find(|file| file.is_file());
            known.ok_or_else(|| {
                match OTHERS.iter().find(|name| path.join(name).is_file()) {
                    Some(name) => missing(path, &format!("it holds {name} and no model.onnx: export the model as ONNX, for the task of token classification")),
                    None => missing(path, "there is no model.onnx in it"),
                }
            })?
        } else {
            return Err(missing(path, "there is no such file or folder"));
        };
        let beside = onnx.parent().unwrap_or(Path::new("")).to_owned();
        let find = |name: &str| {
            let above = beside.parent().map(|above| above.join(name));
            [Some(beside.join(name)), above].into_iter().flatten().find(|file| file.is_file())
        };
        let needed = |name: &str, why: &str| {
            find(name).ok_or_else(|| {
                missing(&beside.join(name), &format!("there is no such file; it says {why}"))
            })
        };
        Ok(Self {
            tokenizer: needed("tokenizer.json", "how a text becomes tokens")?,
            config: needed("config.json", "what the model's labels are")?,
            tokenizer_config: find("tokenizer_config.json"),
            onnx,
        })
    }

    pub(crate) fn read(&self) -> Result<Config, LoadError> {
        let config = json(&self.config)?;
        let wrong =
            |what: &str| LoadError::File { path: self.config.clone(), what: what.to_owned() };
        let labels = labels(&config).ok_or_else(|| {
            wrong("`id2label` must name the labels 0, 1, 2 and so on: is this a token classifier?")
        })?;
        let number = |config: &Value, key: &str| config.get(key).and_then(Value::as_u64);
        let pad = number(&config, "pad_token_id").unwrap_or(0);
        let model_type = config.get("model_type").and_then(Value::as_str).unwrap_or_default();
        let positions = number(&config, "max_position_embeddings").map(|most| {
            let first = if COUNT_FROM_PADDING.contains(&model_type) { pad + 1 } else { 0 };
            most.saturating_sub(first)
        });
        let tokenizer = match &self.tokenizer_config {
            Some(file) => number(&json(file)?, "model_max_length"),
            None => None,
        };
        let most = [positions, tokenizer].into_iter().flatten().filter(|most| *most > 0).min();
        Ok(Config {
            labels,
            pad: i32::try_from(pad).map_err(|_| wrong("`pad_token_id` is no token"))?,
            most: most.map(|most| usize::try_from(most).unwrap_or(usize::MAX)),
        })
    }

    /// All files that decide what the model finds.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let mut files = vec![self.onnx.clone(), self.tokenizer.clone(), self.config.clone()];
        files.extend(self.tokenizer_config.clone());
        files
    }
}

fn json(file: &Path) -> Result<Value, LoadError> {
    let wrong = |what: String| LoadError::File { path: file.to_owned(), what };
    let text =
        std::fs::read(file).map_err(|error| wrong(format!("cannot be read: {}", error.kind())))?;
    serde_json::from_slice(&text).map_err(|error| wrong(format!("no JSON: {error}")))
}

fn labels(config: &Value) -> Option<Vec<String>> {
    let named = config.get("id2label")?.as_object().filter(|named| !named.is_empty())?;
    (0..named.len())
        .map(|at| Some(named.get(&at.to_string())?.as_str()?.to_owned()))
        .collect::<Option<Vec<_>>>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = folder.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        folder
    }

    const CONFIG: &str = r#"{"id2label": {"0": "O", "1": "B-PER"}, "max_position_embeddings": 66}"#;

    #[test]
    fn files_are_found_as_tools_write_them() {
        for (onnx, given) in [
            ("model.onnx", ""),
            ("onnx/model.onnx", ""),
            ("onnx/model_quantized.onnx", ""),
            ("onnx/small.onnx", "onnx/small.onnx"),
        ] {
            let folder = folder(&[(onnx, ""), ("tokenizer.json", ""), ("config.json", CONFIG)]);
            let found = Folder::find(&folder.path().join(given)).unwrap();
            assert_eq!(found.onnx, folder.path().join(onnx));
            assert_eq!(found.tokenizer, folder.path().join("tokenizer.json"));
            assert_eq!(found.files().len(), 3);
        }
        for (files, said) in [
            (&[("a.txt", "")][..], "no model.onnx in it"),
            (&[("model.safetensors", "")], "export the model as ONNX"),
            (&[("model.onnx", "")], "tokenizer.json"),
            (&[("model.onnx", ""), ("tokenizer.json", "")], "config.json"),
        ] {
            let folder = folder(files);
            let error = Folder::find(folder.path()).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        let error = Folder::find(Path::new("nowhere/at-all")).unwrap_err().to_string();
        assert_eq!(error, "`nowhere/at-all`: there is no such file or folder");
    }

    #[test]
    fn the_configuration_is_read_or_told() {
        let read = |config: &str, more: &[(&str, &str)]| {
            let folder = folder(
                &[&[("model.onnx", ""), ("tokenizer.json", ""), ("config.json", config)], more]
                    .concat(),
            );
            Folder::find(folder.path()).unwrap().read()
        };
        let labels = vec!["O".to_owned(), "B-PER".to_owned()];
        let config = read(CONFIG, &[]).unwrap();
        assert_eq!(config, Config { labels, pad: 0, most: Some(66) });
        let roberta = CONFIG.replace('}', "").replacen("\"B-PER\"", "\"B-PER\"}", 1)
            + r#", "model_type": "roberta", "pad_token_id": 1}"#;
        assert_eq!(read(&roberta, &[]).unwrap().most, Some(64));
        let short = [("tokenizer_config.json", r#"{"model_max_length": 32}"#)];
        assert_eq!(read(CONFIG, &short).unwrap().most, Some(32));
        // A number that stands for "none" in that file.
        let endless =
            [("tokenizer_config.json", r#"{"model_max_length": 1000000000000000019884624838656}"#)];
        assert_eq!(read(CONFIG, &endless).unwrap().most, Some(66));
        for (config, said) in [
            ("{", "no JSON"),
            ("{}", "id2label"),
            (r#"{"id2label": {"0": "O", "2": "B-PER"}}"#, "id2label"),
            (r#"{"id2label": {}}"#, "id2label"),
        ] {
            let error = read(config, &[]).unwrap_err().to_string();
            assert!(error.contains(said) && error.contains("config.json"), "{error}");
        }
    }
}
