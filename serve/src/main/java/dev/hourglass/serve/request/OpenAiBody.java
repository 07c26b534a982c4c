package dev.hourglass.serve.request;

import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.serve.model.Models;
import dev.hourglass.serve.model.ReadyModel;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of {@code POST /v1/images/generations}, in the shape of OpenAI's clients: a prompt names
 * a class.
 *
 * @param asUrl whether the answer shall give addresses instead of images
 */
public record OpenAiBody(Wanted wanted, boolean asUrl) {

  private static final JsonMapper JSON = new JsonMapper();

  /** WIDTHxHEIGHT. */
  private static final Pattern SIZE = Pattern.compile("(\\d{1,6})x(\\d{1,6})");

  /** Members of that API that mean nothing here. */
  private static final List<String> PASSED_OVER =
      List.of("moderation", "output_compression", "partial_images", "quality", "style", "user");

  private static final List<String> KEYS =
      List.of(
          "background",
          "model",
          "n",
          "output_format",
          "prompt",
          "response_format",
          "seed",
          "size",
          "stream");

  /**
   * Reads and checks a body.
   *
   * @param guidance of models with classes
   * @throws InputException if something in it is wrong
   */
  public static OpenAiBody parse(byte[] json, Models models, double guidance, Limits limits) {
    JsonBody body = JsonBody.parse(json);
    body.section().allow(KEYS, PASSED_OVER);
    if (body.section().bool("stream", false)) {
      throw new InputException(
          "stream is not offered here; leave it out, or use /v1/samples with Accept:"
              + " text/event-stream.");
    }
    // Images are PNG files without a transparent part: who asks for others must hear so.
    body.section().oneOf("output_format", List.of("png"), "png");
    body.section().oneOf("background", List.of("auto", "opaque"), "auto");
    boolean asUrl =
        body.section()
            .oneOf("response_format", List.of("b64_json", "url"), "b64_json")
            .equals("url");
    ReadyModel model = models.ready(body.section().string("model", models.first()));
    ObjectNode own = JSON.createObjectNode().put("model", model.id()).put("previews", 0);
    for (String key : List.of("n", "seed")) {
      if (body.has(key)) {
        own.set(key, body.node(key));
      }
    }
    String prompt = body.section().string("prompt");
    if (model.config().numClasses() > 0) {
      own.put("class", prompt.strip()).put("guidance", guidance);
    }
    String size = body.section().string("size", "auto");
    if (!size.equals("auto")) {
      own.put("size", heightFirst(size));
    }
    return new OpenAiBody(
        SampleBody.parse(JSON.writeValueAsBytes(own), Uploads.NONE, models, limits), asUrl);
  }

  private static String heightFirst(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw new InputException(
          "size is \"%s\"; write the width and the height, such as 64x64, or auto."
              .formatted(text));
    }
    return new Size(Integer.parseInt(size.group(2)), Integer.parseInt(size.group(1))).toString();
  }
}
