//! La table des exercices : une ligne pour chacun.

use crate::exercices;
use crate::exercise::AnyExercise;

/// Pour chaque chapitre, une fonction par exercice, qui corrige la réponse reçue (celle entre
/// parenthèses est écrite à part, dans `entry` : sa réponse n'est pas une seule fonction) ; et la liste.
macro_rules! exercises {
    ($($(#[$doc:meta])* $chapter:ident $(($special:ident))? { $($name:ident: $signature:ident,)* })*) => {
        $(
            $(#[$doc])*
            pub mod $chapter {
                use crate::exercices::$chapter as definitions;
                $(
                    #[doc = concat!("Corrige l'exercice `", stringify!($name), "`.")]
                    pub fn $name(yours: definitions::$signature) -> crate::Verdict {
                        definitions::$name().judge(yours)
                    }
                )*
                $(pub use definitions::entry::$special;)?
            }
        )*

        /// Tous les exercices, dans l'ordre du livre.
        pub fn exercises() -> Vec<Box<dyn AnyExercise>> {
            vec![$(
                $(Box::new(exercices::$chapter::$name()) as Box<dyn AnyExercise>,)*
                $(Box::new(exercices::$chapter::$special()) as Box<dyn AnyExercise>,)?
            )*]
        }
    };
}

exercises! {
    /// Lire du Rust.
    chapitre_00 {
        moyenne: Moyenne,
        somme: Somme,
        longueur_totale: LongueurTotale,
        somme_lue: SommeLue,
        cubes: Cubes,
    }
    /// Le neurone et la sigmoïde.
    chapitre_01 {
        weighted_sum: WeightedSum,
        my_sigmoid: MySigmoid,
        slope_from_output: SlopeFromOutput,
        and_neuron: AndNeuron,
    }
    /// La classe et ses tableaux.
    chapitre_02 (neuron_class) {
        shapes: Shapes,
        count_parameters: CountParameters,
        draw_weights: DrawWeights,
        two_networks: TwoNetworks,
    }
    /// La propagation avant.
    chapitre_03 {
        linear: Linear,
        my_layer: MyLayer,
        two_layers: TwoLayers,
        my_feedforward: MyFeedforward,
        broken_predict: BrokenPredict,
    }
    /// La perte et sa pente.
    chapitre_04 {
        my_loss: MyLoss,
        measured_slope: MeasuredSlope,
        descend: Descend,
    }
    /// La règle de la chaîne.
    chapitre_05 {
        product_slopes: ProductSlopes,
        gradients_of: GradientsOf,
        neuron_slopes: NeuronSlopes,
        tanh_node: TanhNode,
    }
    /// La rétropropagation, terme par terme.
    chapitre_06 {
        output_delta: OutputDelta,
        weights_gradient: WeightsGradient,
        hidden_delta: HiddenDelta,
        biases_gradient: BiasesGradient,
        broken_step: BrokenStep,
    }
    /// L'entraînement.
    chapitre_07 {
        all_gradients: AllGradients,
        gradient_step: GradientStep,
        my_train: MyTrain,
        broken_training: BrokenTraining,
    }
    /// Le réseau à l'épreuve.
    chapitre_08 {
        accuracy: Accuracy,
    }
    /// La vérification du gradient.
    chapitre_09 {
        my_relative_error: MyRelativeError,
        my_gradient: MyGradient,
        largest_error: LargestError,
        broken_check: BrokenCheck,
    }
    /// Autant de couches que l'on veut.
    chapitre_10 {
        count_settings: CountSettings,
        answer: Answer,
        my_softmax: MySoftmax,
        momentum_steps: MomentumSteps,
    }
    /// Des chiffres écrits à la main.
    chapitre_11 {
        share_of_right: ShareOfRight,
        my_confusion: MyConfusion,
        my_nearest: MyNearest,
    }
    /// Voir, et empêcher d'apprendre par cœur.
    chapitre_12 {
        standardize_like: StandardizeLike,
        drop_units: DropUnits,
        epoch_kept: EpochKept,
    }
    /// Des poids qui voyagent.
    chapitre_13 {
        header_length: HeaderLength,
        in_file_order: InFileOrder,
        shared_gradient: SharedGradient,
    }
}
