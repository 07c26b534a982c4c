package dev.hourglass.config.objective;

import dev.hourglass.config.objective.Weighting.Form;
import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonSection;
import java.util.List;

/** Reads a weighting and its parameters from the section {@code model}. */
public final class WeightingReader {

  /** Every weighting that the config file can name, a line each; the first is the default. */
  private static final List<Form> FORMS =
      List.of(
          Karras.FORM,
          SoftMinSnr.FORM,
          Snr.FORM,
          MinSnr.FORM,
          Sigmoid.FORM,
          Velocity.FORM,
          Uniform.FORM);

  private WeightingReader() {}

  /**
   * That of a model.
   *
   * @throws InputException that names the key, if the weighting is misspelt, or has parameters that
   *     it does not know or that are out of their range
   */
  public static Weighting read(JsonSection model, Scales scales) {
    List<String> names = FORMS.stream().map(Form::name).toList();
    String name = model.oneOf(Weighting.KEY, names, names.getFirst());
    Form form = FORMS.get(names.indexOf(name));
    JsonSection params = model.sectionIfSet(Weighting.PARAMS_KEY);
    if (form.keys().isEmpty() && !params.isEmpty()) {
      throw new InputException(
          "%s has entries, but %s is \"%s\", which has no parameters; remove them."
              .formatted(model.path(Weighting.PARAMS_KEY), model.path(Weighting.KEY), name));
    }
    params.allow(form.keys());
    return form.reader().read(params, scales);
  }
}
