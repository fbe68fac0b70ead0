//! Les octets d'un fichier safetensors : 8 pour la taille de l'en-tête, l'en-tête en JSON, puis les
//! nombres, petit-boutistes.

use std::borrow::Cow;

use nn_core::error::MAX_WEIGHTS;
use nn_mlp::Dtype;
use safetensors::tensor::{Dtype as FileDtype, SafeTensorError, SafeTensors, View};

use super::error::{WeightsError, short};
use super::limits::{LENGTH_BYTES, MAX_FILE_BYTES, MAX_HEADER_BYTES};
use super::state_dict::{StateDict, Tensor};
use crate::files::sha256;

/// Le nom de l'empreinte dans les métadonnées.
const CHECKSUM: &str = "sha256";

impl StateDict {
    /// Les octets du fichier, empreinte comprise.
    ///
    /// # Erreurs
    /// [`WeightsError::HeaderTooLarge`] ou [`WeightsError::TooLarge`] pour ce qui ne pourrait pas
    /// être relu.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WeightsError> {
        let stored = self.stored();
        let size: usize = stored.iter().map(|(_, tensor)| tensor.bytes.len()).sum();
        if size > 8 * MAX_WEIGHTS {
            return Err(WeightsError::TooLarge);
        }
        let metadata = [(CHECKSUM.to_string(), checksum(&stored))].into_iter().collect();
        let bytes = safetensors::serialize(stored, Some(metadata))
            .map_err(|error| WeightsError::Damaged { why: error.to_string() })?;
        check_header(&bytes, bytes.len())?;
        Ok(bytes)
    }

    /// Les tableaux d'un fichier, d'après ses octets.
    ///
    /// # Erreurs
    /// [`WeightsError::Truncated`], [`WeightsError::Foreign`], [`WeightsError::HeaderTooLarge`],
    /// [`WeightsError::Damaged`], [`WeightsError::Altered`], [`WeightsError::UnsupportedDtype`],
    /// [`WeightsError::NotFinite`].
    pub fn from_bytes(bytes: &[u8]) -> Result<StateDict, WeightsError> {
        check_header(bytes, bytes.len())?;
        let written = written_checksum(bytes)?;
        let file = SafeTensors::deserialize(bytes).map_err(refusal)?;
        let mut state = StateDict::new();
        for (name, view) in file.iter() {
            let tensor = Tensor {
                dtype: supported(name, view.dtype())?,
                shape: view.shape().to_vec(),
                values: numbers(view.dtype(), view.data()),
            };
            state.tensors.insert(name.to_string(), tensor.checked(name)?);
        }
        match written {
            Some(written) if written != checksum(&state.stored()) => {
                Err(WeightsError::Altered)
            }
            _ => Ok(state),
        }
    }

    /// Les tableaux tels qu'ils sont dans le fichier, dans l'ordre de leurs noms.
    fn stored(&self) -> Vec<(&str, Stored<'_>)> {
        let stored = |tensor| Stored { tensor, bytes: stored_bytes(tensor) };
        self.tensors.iter().map(|(name, tensor)| (name.as_str(), stored(tensor))).collect()
    }
}

/// Ce que les premiers octets permettent de refuser, avant de rien lire d'autre : `start` est le
/// début d'un fichier de `length` octets.
pub(super) fn check_header(start: &[u8], length: usize) -> Result<(), WeightsError> {
    if length > MAX_FILE_BYTES {
        return Err(WeightsError::TooLarge);
    }
    let foreign = |why: &str| Err(WeightsError::Foreign { why: why.to_string() });
    if start.starts_with(b"PK\x03\x04") {
        return foreign(
            "c'est une archive zip, comme `torch.save` et `np.savez` en écrivent",
        );
    }
    let Some(header) = start.first_chunk::<LENGTH_BYTES>() else {
        return Err(WeightsError::Truncated { expected: LENGTH_BYTES, found: length });
    };
    let bytes = u64::from_le_bytes(*header);
    let Some(header) = usize::try_from(bytes).ok().filter(|&n| n <= MAX_HEADER_BYTES)
    else {
        return Err(WeightsError::HeaderTooLarge { bytes });
    };
    match start.get(LENGTH_BYTES) {
        Some(b'{') if header + LENGTH_BYTES > length => {
            Err(WeightsError::Truncated { expected: header + LENGTH_BYTES, found: length })
        }
        Some(b'{') => Ok(()),
        Some(_) => foreign("son en-tête ne commence pas par une accolade"),
        None => Err(WeightsError::Truncated {
            expected: (header + LENGTH_BYTES).max(LENGTH_BYTES + 1),
            found: length,
        }),
    }
}

/// L'empreinte que porte l'en-tête, s'il en porte une.
fn written_checksum(bytes: &[u8]) -> Result<Option<String>, WeightsError> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(refusal)?;
    Ok(header.metadata().as_ref().and_then(|entries| entries.get(CHECKSUM).cloned()))
}

/// Pourquoi la bibliothèque safetensors a refusé ces octets.
fn refusal(error: SafeTensorError) -> WeightsError {
    let damaged = |why: String| WeightsError::Damaged { why };
    match error {
        SafeTensorError::InvalidHeader(_) => {
            WeightsError::Foreign { why: "son en-tête n'est pas du texte".to_string() }
        }
        SafeTensorError::InvalidHeaderDeserialization(error)
        | SafeTensorError::JsonError(error) => damaged(format!(
            "son en-tête n'est plus celui du format à partir de la colonne {}",
            error.column()
        )),
        SafeTensorError::MetadataIncompleteBuffer => damaged(
            "les nombres n'occupent pas toute la place qui suit l'en-tête, ou la dépassent"
                .to_string(),
        ),
        SafeTensorError::InvalidOffset(name) => damaged(format!(
            "la place des nombres de `{}` ne s'accorde pas avec les autres",
            short(&name)
        )),
        SafeTensorError::TensorInvalidInfo => {
            damaged("la forme d'un tableau ne s'accorde pas avec sa place".to_string())
        }
        SafeTensorError::ValidationOverflow => {
            damaged("la forme d'un tableau est démesurée".to_string())
        }
        error => damaged(format!("la bibliothèque safetensors dit : {error}")),
    }
}

fn supported(name: &str, dtype: FileDtype) -> Result<Dtype, WeightsError> {
    match dtype {
        FileDtype::F32 => Ok(Dtype::F32),
        FileDtype::F64 => Ok(Dtype::F64),
        _ => Err(WeightsError::UnsupportedDtype {
            name: short(name),
            dtype: dtype.to_string(),
        }),
    }
}

/// Les nombres d'un tableau, petit-boutistes.
fn numbers(dtype: FileDtype, data: &[u8]) -> Vec<f64> {
    if dtype == FileDtype::F32 {
        let (numbers, _) = data.as_chunks::<4>();
        numbers.iter().map(|&bytes| f64::from(f32::from_le_bytes(bytes))).collect()
    } else {
        let (numbers, _) = data.as_chunks::<8>();
        numbers.iter().map(|&bytes| f64::from_le_bytes(bytes)).collect()
    }
}

/// Les octets des nombres d'un tableau.
fn stored_bytes(tensor: &Tensor) -> Vec<u8> {
    match tensor.dtype {
        Dtype::F32 => {
            tensor.values.iter().flat_map(|&v| (v as f32).to_le_bytes()).collect()
        }
        Dtype::F64 => tensor.values.iter().flat_map(|v| v.to_le_bytes()).collect(),
    }
}

/// L'empreinte de tout ce que le fichier dit, dans l'ordre des noms : nom, type, forme, nombres.
fn checksum(stored: &[(&str, Stored<'_>)]) -> String {
    let titles: Vec<String> = stored
        .iter()
        .map(|(name, Stored { tensor, .. })| {
            format!("{name}\0{}\0{:?}\n", tensor.dtype, tensor.shape)
        })
        .collect();
    let parts = titles.iter().zip(stored);
    sha256(parts.flat_map(|(title, (_, tensor))| [title.as_bytes(), &tensor.bytes]))
}

/// Un tableau et ses octets, comme la bibliothèque safetensors les demande.
struct Stored<'a> {
    tensor: &'a Tensor,
    bytes: Vec<u8>,
}

impl View for Stored<'_> {
    fn dtype(&self) -> FileDtype {
        match self.tensor.dtype {
            Dtype::F32 => FileDtype::F32,
            Dtype::F64 => FileDtype::F64,
        }
    }

    fn shape(&self) -> &[usize] {
        &self.tensor.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        (&self.bytes).into()
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}
