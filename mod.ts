/**
 * Trains multi-layer perceptrons on every core: workers compute in step on matrices in shared memory, with SIMD
 * kernels in WebAssembly. The same seed gives the same bits, whatever the number of workers.
 *
 * ```ts
 * import { loadDataset, Mlp } from "@lockstep/lockstep";
 *
 * const data = await loadDataset("mnist");
 * await using mlp = new Mlp({ layers: [784, 70, 30, 10] });
 * for await (const { epoch, loss } of mlp.fit(data.train, { epochs: 10 })) {
 *   console.log(epoch, loss);
 * }
 * console.log((await mlp.evaluate(data.test)).accuracy);
 * ```
 *
 * @module
 */
export type {
  Calibration,
  CalibrationMethod,
  IsotonicCurve,
} from "./src/calibration/calibration.ts";
export type { PredictionInterval } from "./src/calibration/kept.ts";
export type { FittedCalibration } from "./src/calibration/fit_calibration.ts";
export type { Contents } from "./src/data/contents.ts";
export { type CsvOptions, parseCsv } from "./src/data/csv.ts";
export {
  readTable,
  readTablePieces,
  type TablePieceOptions,
} from "./src/data/read_table.ts";
export type { LeftOutRows, Table } from "./src/data/table.ts";
export type { TableFileOptions } from "./src/data/table_options.ts";
export type {
  CsrMatrix,
  Dataset,
  Samples,
  SparseSamples,
} from "./src/data/dataset.ts";
export type { FlatNumbers, Rows } from "./src/data/flatten.ts";
export {
  type JsonLinesOptions,
  parseJsonLines,
} from "./src/data/json_table.ts";
export { loadDataset, type LoadOptions } from "./src/data/load_dataset.ts";
export {
  decodeNpy,
  encodeNpy,
  type NpyArray,
  type NpyOptions,
  readNpy,
} from "./src/data/npy.ts";
export {
  decodePng,
  type GrayImages,
  type PngFileOptions,
  type PngOptions,
  readPng,
} from "./src/data/png.ts";
export type { BooleanColumn } from "./src/data/boolean_column.ts";
export type { CategoryColumn } from "./src/data/category_column.ts";
export type { NamedColumn } from "./src/data/column_kind.ts";
export type { Column } from "./src/data/column_kinds.ts";
export type { ColumnSummary } from "./src/data/column_summary.ts";
export type { DateColumn, DatePart } from "./src/data/date_column.ts";
export type { DateOrder } from "./src/data/dates.ts";
export type { Imputation } from "./src/data/impute.ts";
export type { NumberColumn } from "./src/data/number_column.ts";
export type { NumberFormat } from "./src/data/number_text.ts";
export type { OrdinalColumn } from "./src/data/ordinal_column.ts";
export type { TableFacts } from "./src/data/table_facts.ts";
export type { Preprocessing, TargetScaling } from "./src/data/preprocessing.ts";
export type {
  SampleSource,
  SparseSampleSource,
  TargetSource,
} from "./src/data/sample_source.ts";
export { samplesFrom } from "./src/data/samples_from.ts";
export {
  fitScaling,
  fitTargetScaling,
  type InputScaling,
  type ScalingName,
} from "./src/data/scaling.ts";
export {
  type Split,
  type SplitOptions,
  type TableSplitOptions,
  trainTestSplit,
} from "./src/data/split.ts";
export type {
  EncoderOptions,
  EncoderParts,
  RowOptions,
  SampleOptions,
  TargetColumns,
  TaskOptions,
} from "./src/data/encoder_options.ts";
export { TableEncoder } from "./src/data/table_encoder.ts";
export type {
  DecodeOptions,
  TablePrediction,
} from "./src/data/table_prediction.ts";
export type { Cell, TableRow, TableRows } from "./src/data/table_rows.ts";
export {
  ensembleOf,
  type EnsembleOptions,
  trainEnsemble,
} from "./src/ensemble/train_ensemble.ts";
export type { InsightNetwork } from "./src/insight/network.ts";
export { dependenceSvg } from "./src/insight/dependence_svg.ts";
export {
  type Dependence,
  type DependenceOptions,
  partialDependence,
} from "./src/insight/partial_dependence.ts";
export {
  type ColumnImportance,
  type ImportanceOptions,
  permutationImportance,
} from "./src/insight/permutation_importance.ts";
export { decodeModel, encodeModel } from "./src/model_files/model_bytes.ts";
export type { Model, ModelDescription } from "./src/models/model.ts";
export {
  bootstrapInterval,
  type BootstrapOptions,
} from "./src/metrics/bootstrap_interval.ts";
export { calibrationError } from "./src/metrics/calibration_error.ts";
export {
  type ClassReport,
  classReport,
  type ClassScores,
} from "./src/metrics/class_report.ts";
export {
  chooseThreshold,
  type ThresholdAim,
  type ThresholdChoice,
} from "./src/metrics/choose_threshold.ts";
export { conformalHalfWidths } from "./src/metrics/conformal.ts";
export {
  accuracy,
  classOf,
  confusionMatrix,
  logLoss,
  topKAccuracy,
} from "./src/metrics/classification.ts";
export {
  meanAbsoluteError,
  meanSquaredError,
  r2,
  rootMeanSquaredError,
} from "./src/metrics/regression.ts";
export { rocAuc } from "./src/metrics/roc_auc.ts";
export {
  type Interval,
  wilsonInterval,
} from "./src/metrics/wilson_interval.ts";
export { Communicator } from "./src/distributed/communicator.ts";
export { mpi, type MpiOptions } from "./src/distributed/mpi.ts";
export type { RankProcess } from "./src/distributed/mpi_thread.ts";
export { Mlp } from "./src/mlp/mlp.ts";
export type { ComputeOptions, MlpOptions } from "./src/mlp/mlp_options.ts";
export {
  crossValidate,
  type CrossValidation,
} from "./src/choosing/cross_validate.ts";
export { type Fold, kFold, type KFoldOptions } from "./src/choosing/folds.ts";
export type { NetworkOptions, ScaleName } from "./src/choosing/candidate.ts";
export type { Trial } from "./src/choosing/run_search.ts";
export type { ScoreName } from "./src/choosing/scores.ts";
export {
  search,
  type SearchOptions,
  type SearchResult,
} from "./src/choosing/search.ts";
export type {
  Choice,
  NumberRange,
  SearchMethod,
} from "./src/choosing/space.ts";
export type { Outcome } from "./src/choosing/trials_file.ts";
export type { ValidationOptions } from "./src/choosing/validation_options.ts";
export type { ActivationName } from "./src/units/activations.ts";
export type { InitializerName } from "./src/units/initializers.ts";
export type { LossName } from "./src/units/losses.ts";
export type { OutputName } from "./src/units/outputs.ts";
export type { OptimizerName } from "./src/units/optimizers.ts";
export type { PresetName } from "./src/units/presets.ts";
export type { Task } from "./src/units/tasks.ts";
export type { TimingPart, TimingSlot } from "./src/step/timing_slots.ts";
export type { KernelSetName, SkipZeros } from "./src/providers/names.ts";
export type {
  BatchEvent,
  EpochEvent,
  History,
  LastBatch,
  MonitorName,
  StartEvent,
  StopReason,
} from "./src/history/events.ts";
export type { Span } from "./src/plan/spans.ts";
export type {
  LayerValues,
  SnapshotOptions,
  TrainingSnapshot,
} from "./src/history/snapshot.ts";
export type { SampleStream } from "./src/training/stream.ts";
export type { Evaluation } from "./src/inference/evaluate.ts";
export type { InferenceOptions } from "./src/inference/infer.ts";
export {
  trainingReport,
  type TrainingReportOptions,
} from "./src/report/training_report.ts";
export type { ScheduleName } from "./src/units/schedules.ts";
export type { Timing } from "./src/plan/timings.ts";
export type { TrainingRun } from "./src/training/training_run.ts";
export type { TrainOptions } from "./src/training/options/train_options.ts";
