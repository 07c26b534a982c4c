package dev.hourglass.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hourglass.core.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every refusal and its exact sentence. In the tables, {@code -} removes a key. */
class ConfigValidationTest {

  private static void assertRefused(String message, String... edits) {
    assertTextRefused(message, TestConfigs.edited(edits));
  }

  private static void assertTextRefused(String message, String json) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Config.parse(json, "test.json"))
        .withMessage("%s", "test.json: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a": 1} {}         | line 1, column 10: there is more text after the end of the config; delete it.
          {"a": 1} x          | line 1, column 10: there is more text after the end of the config; delete it.
          {"a": {"b": 1, "b": 2}} | line 1, column 19: the key "b" appears twice; keep one of them.
          {"a": [1, 2         | line 1, column 12: the text ends before its last bracket or quote is closed; close it.
          {"a": tru}          | line 1, column 7: this is not valid JSON (Unrecognized token 'tru': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')); correct it.
          {"a": NaN}          | line 1, column 10: this is not valid JSON (Non-standard token 'NaN'); correct it.
          [1, 2]              | The text is [1, 2]; write one JSON object with the keys model, dataset, optimizer, lr_sched and ema_sched.
          ``                  | The text is empty; write a config in JSON.
          """)
  void brokenJsonIsReportedWithItsPosition(String json, String message) {
    assertTextRefused(message, json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "1"})
  void textBeyondTheReadersLimitsIsRefused(String repeated) {
    assertTextRefused(
        "The text has a number, a key or a nesting far too long for a config; give a config file.",
        "{\"a\": " + repeated.repeat(3000) + "}");
  }

  @Test
  void theLineOfBrokenJsonIsCounted() {
    assertTextRefused(
        "line 3, column 1: this is not valid JSON (Unexpected character (',' (code 44)): was"
            + " expecting double-quote to start property name); correct it.",
        "{\n  \"model\": {},\n,}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          model.widhts          | model.widhts is not a known key; did you mean "widths"?
          model.sigma_date      | model.sigma_date is not a known key; did you mean "sigma_data"?
          modle                 | modle is not a known key; did you mean "model"?
          dataset.cond_drop     | dataset.cond_drop is not a known key; the keys allowed here are type, location, num_classes, cond_dropout_rate, exif_orientation, image_key, class_key.
          optimizer.momentum    | optimizer.momentum is not a known key; the keys allowed here are type, lr, betas, eps, weight_decay.
          lr_sched.power        | lr_sched.power is not a known key; the keys allowed here are type, warmup.
          ema_sched.max_valeu   | ema_sched.max_valeu is not a known key; did you mean "max_value"?
          model.sigma_sample_density.mean | model.sigma_sample_density.mean is not a known key; the keys allowed here are type, image_d, noise_d_low, noise_d_high, min_value, max_value.
          """)
  void unknownKeysAreRefused(String path, String message) {
    assertRefused(message, path, "1");
  }

  @Test
  void keysOfAnotherAttentionAreRefused() {
    assertRefused(
        "model.self_attns[1].kernel_size is not a known key; the keys allowed here are type,"
            + " d_head, similarity.",
        "model.self_attns",
        "[{\"type\": \"none\"}, {\"type\": \"global\", \"kernel_size\": 7}]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.type",
        "model.input_channels",
        "model.input_size",
        "model.patch_size",
        "model.depths",
        "model.widths",
        "model.sigma_min",
        "model.sigma_max",
        "model.sigma_sample_density",
        "model.sigma_sample_density.type",
        "model"
      })
  void requiredKeysAreMissed(String path) {
    assertRefused(path + " is missing; add it.", path, "-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          model.sigma_sample_density | {"type": "lognormal", "scale": 1} | model.sigma_sample_density.loc is missing; add it.
          model.sigma_sample_density | {"type": "lognormal", "mean": 1} | model.sigma_sample_density.scale is missing; add it.
          model.sigma_sample_density | {"type": "logit-normal", "mean": 1} | model.sigma_sample_density.std is missing; add it.
          model.self_attns | [{"type": "shifted-window"}, {"type": "none"}] | model.self_attns[0].window_size is missing; add it.
          model.self_attns | [{"d_head": 64}, {"type": "none"}] | model.self_attns[0].type is missing; add it.
          lr_sched | {"type": "inverse"} | lr_sched.inv_gamma is missing; add it.
          lr_sched | {"type": "exponential"} | lr_sched.num_steps is missing; add it.
          ema_sched | {"type": "power"} | ema_sched.snapshot_every is missing; add it.
          """)
  void keysRequiredByATypeAreMissed(String path, String json, String message) {
    assertRefused(message, path, json);
  }

  @Test
  void aNumberOfHundredsOfDigitsIsRefused() {
    String number = "9".repeat(400);
    assertRefused(
        "model.sigma_max is %s; give a number.".formatted(number.substring(0, 77) + "..."),
        "model.sigma_max",
        number);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          model                  | [1]        | model is [1]; give an object in braces.
          model.type             | 2          | model.type is 2; give a string.
          model.input_channels   | "3"        | model.input_channels is "3"; give an integer.
          model.input_channels   | 3.0        | model.input_channels is 3.0; give an integer.
          model.input_channels   | 99999999999 | model.input_channels is 99999999999; give an integer of at most 16777216.
          model.mapping_width    | null       | model.mapping_width is null; give an integer.
          model.input_size       | "64"       | model.input_size is "64"; give a height and a width such as [32, 32].
          model.input_size       | [64]       | model.input_size is [64]; give a height and a width such as [32, 32].
          model.input_size       | [64, "64"] | model.input_size[1] is "64"; give an integer.
          model.patch_size       | 2.5        | model.patch_size is 2.5; give an integer.
          model.widths           | 128        | model.widths is 128; give a list of integers.
          model.widths           | [128, 1.5] | model.widths[1] is 1.5; give an integer.
          model.dropout_rate     | ["0", 1]   | model.dropout_rate[0] is "0"; give a number.
          model.dropout_rate     | "0"        | model.dropout_rate is "0"; give a list of numbers.
          model.self_attns       | {"type": "global"} | model.self_attns is {"type": "global"}; give a list of objects in braces.
          model.self_attns       | ["global", "global"] | model.self_attns[0] is "global"; give an object in braces.
          model.loss_scales      | "2"        | model.loss_scales is "2"; give a number.
          model.noise_scale      | null       | model.noise_scale is null; give a number.
          model.sigma_min        | [1]        | model.sigma_min is [1]; give a number.
          model.sigma_max        | 1e999      | model.sigma_max is "Infinity"; give a number.
          optimizer              | {"type": "muon", "adamw": 1e-3} | optimizer.adamw is 0.001; give an object in braces.
          optimizer              | {"type": "muon", "ns_steps": 2.5} | optimizer.ns_steps is 2.5; give an integer.
          optimizer              | {"type": "muon", "nesterov": true} | optimizer.nesterov is not a known key; the keys allowed here are type, lr, momentum, weight_decay, ns_steps, adamw.
          optimizer              | {"type": "muon", "adamw": {"beta": 1}} | optimizer.adamw.beta is not a known key; did you mean "betas"?
          optimizer              | {"type": "mouon"} | optimizer.type is "mouon", which is not known; did you mean "muon"?
          optimizer              | {"type": "sgd", "nesterov": 1} | optimizer.nesterov is 1; give true or false.
          dataset.location       | 5          | dataset.location is 5; give a string.
          """)
  void wrongTypesAreRefused(String path, String json, String message) {
    assertRefused(message, path, json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          model.type             | "image_v1" | model.type is "image_v1", an older model that Hourglass does not build; use "image_transformer_v2" with its keys.
          model.type             | "image_transformer_v1" | model.type is "image_transformer_v1", an older model that Hourglass does not build; use "image_transformer_v2" with its keys.
          model.type             | "dit"      | model.type is "dit", which is not known; use "image_transformer_v2".
          model.loss_config      | "simpel"   | model.loss_config is "simpel", which is not known; did you mean "simple"?
          model.loss_weighting   | "min-snr-fix" | model.loss_weighting is "min-snr-fix", which is not known; choose one of karras, soft-min-snr, snr, min-snr, sigmoid, velocity, uniform.
          model.sigma_sample_density.type | "normal" | model.sigma_sample_density.type is "normal", which is not known; did you mean "lognormal"?
          model.sigma_sample_density.type | "flat" | model.sigma_sample_density.type is "flat", which is not known; choose one of lognormal, loglogistic, loguniform, v-diffusion, cosine, split-lognormal, cosine-interpolated, logit-normal.
          dataset.type           | "folder"   | dataset.type is "folder", which is not known; choose one of imagefolder, imagefolder-class, cifar10, mnist, tar, wds, wds-class, parquet, huggingface, custom.
          optimizer.type         | "adam8bit" | optimizer.type is "adam8bit", which Hourglass does not have; use "adamw" with the same values.
          optimizer.type         | "adam"     | optimizer.type is "adam", which is not known; did you mean "adamw"?
          lr_sched.type          | "cosine"   | lr_sched.type is "cosine", which is not known; choose one of constant, inverse, exponential.
          ema_sched.type         | "constant" | ema_sched.type is "constant", which is not known; choose one of inverse, power.
          model.skip_stages      | 1          | model.skip_stages is 1, which is not supported; remove the key or set it to 0.
          model.has_variance     | true       | model.has_variance is true, which is not supported; remove the key or set it to false.
          model.augment_wrapper  | true       | model.augment_wrapper is true, which is not supported; remove the key or set it to false.
          model.preconditioning  | "eps"      | model.preconditioning is "eps", which is not known; choose one of karras, epsilon, x, flow.
          model.preconditioning  | "FLOW"     | model.preconditioning is "FLOW", which is not known; did you mean "flow"?
          dataset.image_key      | "image"    | dataset.image_key is "image", which is not supported; remove the key or set it to 0.
          """)
  void unsupportedChoicesAreRefused(String path, String json, String message) {
    assertRefused(message, path, json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          karras       | {"gamma": 5}  | model.loss_weighting_params has entries, but model.loss_weighting is "karras", which has no parameters; remove them.
          uniform      | {"floor": 1}  | model.loss_weighting_params has entries, but model.loss_weighting is "uniform", which has no parameters; remove them.
          velocity     | {"floor": 0}  | model.loss_weighting_params.floor is 0; give a number above 0.
          velocity     | {"bias": 1}   | model.loss_weighting_params.bias is not a known key; the keys allowed here are floor.
          sigmoid      | {"bias": "1"} | model.loss_weighting_params.bias is "1"; give a number.
          snr          | {"gamma": 5}  | model.loss_weighting_params.gamma is not a known key; the keys allowed here are snr_adjust_for_sigma_data.
          min-snr      | {"gama": 5}   | model.loss_weighting_params.gama is not a known key; did you mean "gamma"?
          min-snr      | {"gamma": 0}  | model.loss_weighting_params.gamma is 0; give a number above 0.
          min-snr      | {"snr_adjust_for_sigma_data": 1} | model.loss_weighting_params.snr_adjust_for_sigma_data is 1; give true or false.
          min-snr      | [5]           | model.loss_weighting_params is [5]; give an object in braces.
          soft-min-snr | {"gamma": 5}  | model.loss_weighting_params.gamma is 5, but without snr_adjust_for_sigma_data it can only be model.sigma_data^-2, which is 1; remove it or set that to true.
          soft-min-snr | {"gamma_adjust_for_sigma_data": true} | model.loss_weighting_params.gamma_adjust_for_sigma_data is true, but model.loss_weighting_params.snr_adjust_for_sigma_data is not; set both or neither.
          soft-min-snr | {"gamma": -1, "snr_adjust_for_sigma_data": true} | model.loss_weighting_params.gamma is -1; give a number above 0.
          """)
  void parametersOfWeightingsAreChecked(String weighting, String params, String message) {
    assertRefused(
        message,
        "model.loss_weighting",
        "\"" + weighting + "\"",
        "model.loss_weighting_params",
        params);
  }

  @Test
  void theSimpleLossHasNoFrequencyScales() {
    assertRefused(
        "model.loss_scales is 3, which is not supported; remove the key or set it to 1.",
        "model.loss_config",
        "\"simple\"",
        "model.loss_scales",
        "3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          model.depths           | [2, 4, 4]  | model.depths has length 3, but model.widths has length 2; give one entry for each level.
          model.d_ffs            | [384]      | model.d_ffs has length 1, but model.widths has length 2; give one entry for each level.
          model.dropout_rate     | [0, 0, 0]  | model.dropout_rate has length 3, but model.widths has length 2; give one entry for each level.
          model.dropout_rate     | []         | model.dropout_rate has length 0, but model.widths has length 2; give one entry for each level.
          model.self_attns       | [{"type": "global"}] | model.self_attns has length 1, but model.widths has length 2; give one entry for each level.
          optimizer.betas        | [0.9]      | optimizer.betas has length 1; give two numbers, such as [0.9, 0.95].
          """)
  void listsOfOtherLengthsAreRefused(String path, String json, String message) {
    assertRefused(message, path, json);
  }

  @Test
  void aModelNeedsALevel() {
    assertRefused(
        "model.widths is []; give one width for each level, at least one.",
        "model.widths",
        "[]",
        "model.depths",
        "[]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          model.input_channels   | 0       | model.input_channels is 0; give a number above 0.
          model.input_size       | [64, 0] | model.input_size[1] is 0; give a number above 0.
          model.patch_size       | -4      | model.patch_size is -4; give a number above 0.
          model.depths           | [2, 0]  | model.depths[1] is 0; give a number above 0.
          model.widths           | [-128, 256] | model.widths[0] is -128; give a number above 0.
          model.d_ffs            | [384, 0] | model.d_ffs[1] is 0; give a number above 0.
          model.mapping_depth    | -1      | model.mapping_depth is -1; give 0 or a number above 0.
          model.mapping_width    | 0       | model.mapping_width is 0; give a number above 0.
          model.mapping_width    | 255     | model.mapping_width is 255; give an even number, because the Fourier features are half cosines and half sines.
          model.mapping_d_ff     | -1      | model.mapping_d_ff is -1; give a number above 0.
          model.mapping_cond_dim | -1      | model.mapping_cond_dim is -1; give 0 or a number above 0.
          model.mapping_dropout_rate | 1.5 | model.mapping_dropout_rate is 1.5; give a number from 0 to 1.
          model.dropout_rate     | 1.5     | model.dropout_rate is 1.5; give a number from 0 to 1.
          model.dropout_rate     | [0, -0.1] | model.dropout_rate[1] is -0.1; give a number from 0 to 1.
          model.augment_prob     | 2       | model.augment_prob is 2; give a number from 0 to 1.
          model.sigma_data       | 0       | model.sigma_data is 0; give a number above 0.
          model.noise_scale      | 0       | model.noise_scale is 0; give a number above 0.
          model.loss_scales      | -1      | model.loss_scales is -1; give 0 or a number above 0.
          model.sigma_min        | 0       | model.sigma_min is 0; give a number above 0.
          model.sigma_min        | 80      | model.sigma_min is 80, which is not below model.sigma_max (80); make it smaller.
          model.sigma_max        | 0.01    | model.sigma_min is 0.01, which is not below model.sigma_max (0.01); make it smaller.
          dataset.num_classes    | -1      | dataset.num_classes is -1; give 0 or a number above 0.
          dataset.cond_dropout_rate | 1.1  | dataset.cond_dropout_rate is 1.1; give a number from 0 to 1.
          optimizer.lr           | 0       | optimizer.lr is 0; give a number above 0.
          optimizer.betas        | [0.9, 1] | optimizer.betas[1] is 1; give 0 or a number above 0 and below 1.
          optimizer.betas        | [-1, 0.9] | optimizer.betas[0] is -1; give 0 or a number above 0 and below 1.
          optimizer.eps          | 0       | optimizer.eps is 0; give a number above 0.
          optimizer.weight_decay | -0.1    | optimizer.weight_decay is -0.1; give 0 or a number above 0.
          optimizer              | {"type": "sgd", "momentum": 1} | optimizer.momentum is 1; give 0 or a number above 0 and below 1.
          optimizer              | {"type": "muon", "momentum": 1} | optimizer.momentum is 1; give 0 or a number above 0 and below 1.
          optimizer              | {"type": "muon", "lr": 0} | optimizer.lr is 0; give a number above 0.
          optimizer              | {"type": "muon", "weight_decay": -1} | optimizer.weight_decay is -1; give 0 or a number above 0.
          optimizer              | {"type": "muon", "ns_steps": 0} | optimizer.ns_steps is 0; give a number from 1 to 99, such as 5.
          optimizer              | {"type": "muon", "ns_steps": 100} | optimizer.ns_steps is 100; give a number from 1 to 99, such as 5.
          optimizer              | {"type": "muon", "adamw": {"lr": -1}} | optimizer.adamw.lr is -1; give a number above 0.
          optimizer              | {"type": "muon", "adamw": {"betas": [0.9, 2]}} | optimizer.adamw.betas[1] is 2; give 0 or a number above 0 and below 1.
          optimizer              | {"type": "sgd", "nesterov": true} | optimizer.nesterov is true, but optimizer.momentum is 0; give a momentum such as 0.9 or set nesterov to false.
          lr_sched.warmup        | 1       | lr_sched.warmup is 1; give 0 or a number above 0 and below 1.
          lr_sched               | {"type": "inverse", "inv_gamma": 0} | lr_sched.inv_gamma is 0; give a number above 0.
          lr_sched               | {"type": "exponential", "num_steps": 9, "decay": 0} | lr_sched.decay is 0; give a number above 0.
          ema_sched.power        | 0       | ema_sched.power is 0; give a number above 0.
          ema_sched.max_value    | 1.1     | ema_sched.max_value is 1.1; give a number from 0 to 1.
          ema_sched | {"type": "power", "sigma_rels": [], "snapshot_every": 1} | ema_sched.sigma_rels is empty; give lengths such as [0.05, 0.1].
          ema_sched | {"type": "power", "sigma_rels": [0.05, 0.289], "snapshot_every": 1} | ema_sched.sigma_rels[1] is 0.289; give a number above 0 and below 0.289, such as 0.1.
          ema_sched | {"type": "power", "sigma_rels": [0], "snapshot_every": 1} | ema_sched.sigma_rels[0] is 0; give a number above 0 and below 0.289, such as 0.1.
          ema_sched | {"type": "power", "sigma_rels": [0.1, 0.05, 0.1], "snapshot_every": 1} | ema_sched.sigma_rels has 0.1 twice; keep one of them.
          ema_sched | {"type": "power", "sigma_rels": 0.1, "snapshot_every": 1} | ema_sched.sigma_rels is 0.1; give a list of numbers.
          ema_sched | {"type": "power", "snapshot_every": 0} | ema_sched.snapshot_every is 0; give a number of steps, 1 or more.
          ema_sched | {"type": "power", "max_value": 0.9, "snapshot_every": 5} | ema_sched.max_value is not a known key; the keys allowed here are type, sigma_rels, snapshot_every.
          """)
  void valuesOutOfRangeAreRefused(String path, String json, String message) {
    assertRefused(message, path, json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type": "lognormal", "loc": 0, "scale": 0} | model.sigma_sample_density.scale is 0; give a number above 0.
          {"type": "lognormal", "loc": 0, "mean": 0, "scale": 1} | model.sigma_sample_density.loc and model.sigma_sample_density.mean mean the same; keep one of them.
          {"type": "logit-normal", "mean": 0, "std": 0} | model.sigma_sample_density.std is 0; give a number above 0.
          {"type": "split-lognormal", "loc": 0, "scale_1": 1, "scale_2": -1} | model.sigma_sample_density.scale_2 is -1; give a number above 0.
          {"type": "loglogistic", "min_value": -1} | model.sigma_sample_density.min_value is -1; give 0 or a number above 0.
          {"type": "loguniform", "min_value": 0} | model.sigma_sample_density.min_value is 0; give a number above 0.
          {"type": "cosine", "min_value": 5, "max_value": 5} | model.sigma_sample_density.min_value is 5, which is not below model.sigma_sample_density.max_value (5); make it smaller.
          {"type": "cosine-interpolated", "noise_d_low": 0} | model.sigma_sample_density.noise_d_low is 0; give a number above 0.
          """)
  void densitiesOutOfRangeAreRefused(String json, String message) {
    assertRefused(message, "model.sigma_sample_density", json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type": "global", "d_head": 12}  | model.self_attns[1].d_head is 12; give a multiple of 8, because axial RoPE and our kernels work on eighths of a head.
          {"type": "global", "d_head": 0}   | model.self_attns[1].d_head is 0; give a number above 0.
          {"type": "global", "d_head": 48}  | model.widths[1] is 256, which is not a multiple of model.self_attns[1].d_head (48); use a width such as 240 or another d_head.
          {"type": "neighborhood", "kernel_size": 6} | model.self_attns[1].kernel_size is 6; give an odd number, such as 5, so that a neighborhood has a middle.
          {"type": "neighborhood", "kernel_size": 0} | model.self_attns[1].kernel_size is 0; give a number above 0.
          {"type": "neighborhood", "kernel_size": 9} | model.self_attns[1].kernel_size is 9, but level 1 of a 64x64 image has only 8x8 tokens; use a larger image or a kernel of at most 7.
          {"type": "shifted-window", "window_size": 3} | model.self_attns[1].window_size is 3, but level 1 of a 64x64 image has 8x8 tokens, which such windows do not tile; use another image size or a window such as 2.
          {"type": "shifted-window", "window_size": 0} | model.self_attns[1].window_size is 0; give a number above 0.
          {"type": "locale"}                | model.self_attns[1].type is "locale", which is not known; choose one of global, neighborhood, shifted-window, nystrom, none.
          """)
  void attentionThatDoesNotFitIsRefused(String json, String message) {
    assertRefused(message, "model.self_attns", "[{\"type\": \"none\"}, " + json + "]");
  }

  @Test
  void imagesMustDivideIntoInnermostTokens() {
    assertRefused(
        "model.input_size is 64x61, but its sides must be multiples of 8x8 (model.patch_size 4x4,"
            + " doubled for each further level); use a size such as 64x64.",
        "model.input_size",
        "[64, 61]");
  }

  @Test
  void requireSizeChecksAnotherSizeThanTheTrainingSize() {
    ModelConfig model = TestConfigs.parse().model();
    model.requireSize(new Size(32, 72));
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> model.requireSize(new Size(4, 100)))
        .withMessage(
            "The image size is 4x100, but its sides must be multiples of 8x8 (model.patch_size 4x4,"
                + " doubled for each further level); use a size such as 8x104.");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> model.requireSize(new Size(24, 64)))
        .withMessage(
            "model.self_attns[0].kernel_size is 7, but level 0 of a 24x64 image has only 6x16"
                + " tokens; use a larger image or a kernel of at most 5.");
  }

  @Test
  void withInputSizeChangesTheSizeOnly() {
    ModelConfig model = TestConfigs.parse().model();
    ModelConfig larger = model.withInputSize(new Size(128, 96));
    assertThat(larger.inputSize()).isEqualTo(new Size(128, 96));
    assertThat(larger.diffusion().noiseDensity()).isEqualTo(model.diffusion().noiseDensity());
    assertThat(larger.withInputSize(model.inputSize())).isEqualTo(model);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> model.withInputSize(new Size(50, 50)))
        .withMessageStartingWith("The image size is 50x50, but");
  }

  @Test
  void gridsHalveFromLevelToLevel() {
    ModelConfig model = TestConfigs.parse().model();
    assertThat(model.grid(0, new Size(64, 96))).isEqualTo(new Size(16, 24));
    assertThat(model.grid(1, new Size(64, 96))).isEqualTo(new Size(8, 12));
  }

  @Test
  void trainingNeedsADataSetThatHourglassReads() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(
            () ->
                TestConfigs.parse("dataset", "{\"type\": \"huggingface\", \"location\": \"a/b\"}")
                    .dataset()
                    .requireTrainable())
        .withMessage(
            "dataset.type is \"huggingface\", which only the authors' Python code can read; export"
                + " the images and use one of imagefolder, imagefolder-class, cifar10, mnist,"
                + " tar, wds, wds-class, parquet.");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> DatasetConfig.defaults().requireTrainable())
        .withMessage("dataset.location is missing; give the path of the training images.");
    DatasetConfig mnist = new DatasetConfig(DatasetType.MNIST, "data", 10, 0.1);
    assertThat(mnist.requireTrainable()).isSameAs(mnist);
  }

  @Test
  void modelAndDataSetMustAgreeOnTheClasses() {
    Config config = TestConfigs.parse();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Config(
                    config.model(),
                    new DatasetConfig(DatasetType.MNIST, "data", 10, 0.1),
                    config.optimizer(),
                    config.lrSchedule(),
                    config.emaSchedule()))
        .withMessage("the model has 0 classes, the data set 10");
  }
}
