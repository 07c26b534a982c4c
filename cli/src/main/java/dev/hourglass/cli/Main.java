package dev.hourglass.cli;

import dev.hourglass.cli.data.DataCommand;
import dev.hourglass.cli.failure.Failures;
import dev.hourglass.cli.study.StudyCommand;
import dev.hourglass.config.Size;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code hourglass}. */
@Command(
    name = "hourglass",
    versionProvider = Versions.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Trains, samples, serves and inspects Hourglass Diffusion Transformers.",
    subcommands = {
      QuickstartCommand.class,
      DataCommand.class,
      TrainCommand.class,
      SampleCommand.class,
      ServeCommand.class,
      EvaluateCommand.class,
      LikelihoodCommand.class,
      InspectCommand.class,
      ConvertCommand.class,
      EmaCommand.class,
      StudyCommand.class,
      BenchCommand.class,
      CompletionCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass quickstart            train and sample a small model in about three minutes",
      "  hourglass train --help          all about one command",
      "%nSet HOURGLASS_DEBUG=1 or give --debug to see the stack trace of an error."
    })
public final class Main implements Runnable {

  private static final int USAGE_WIDTH = 110;
  private static final String DEBUG_OPTION = "--debug";
  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help and exit.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the versions of Hourglass, Java and libtorch, and exit.")
  boolean version;

  @Option(
      names = DEBUG_OPTION,
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  boolean debug;

  @Spec CommandSpec spec;

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    // What the log says is a line on stderr, too, as our errors are.
    if (System.getProperty(LOG_FORMAT) == null) {
      System.setProperty(LOG_FORMAT, "hourglass: %5$s%6$s%n");
    }
    // Numbers look the same everywhere.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    System.exit(execute(writer(System.out), writer(System.err), args));
  }

  /**
   * Runs the command line.
   *
   * @return the exit code: 0, or 2 when the input was wrong, or 70 for an error of the program
   */
  public static int execute(PrintWriter out, PrintWriter err, String... args) {
    Failures failures = new Failures(err, debug(args));
    CommandLine commandLine = commandLine(out, err, failures);
    try {
      return commandLine.execute(args);
    } catch (Error e) {
      // picocli hands exceptions to its handlers, but lets errors such as OutOfMemoryError pass.
      ParseResult parsed = commandLine.getParseResult();
      return failures.report(
          e,
          parsed != null && parsed.hasSubcommand()
              ? parsed.subcommand().commandSpec().name()
              : commandLine.getCommandName());
    }
  }

  private static CommandLine commandLine(PrintWriter out, PrintWriter err, Failures failures) {
    return new CommandLine(new Main())
        .registerConverter(Size.class, Converters.SIZE)
        .setOut(out)
        .setErr(err)
        .setUsageHelpWidth(USAGE_WIDTH)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }

  private static boolean debug(String... args) {
    List<String> words = Arrays.asList(args);
    return words.contains(DEBUG_OPTION) || "1".equals(System.getenv("HOURGLASS_DEBUG"));
  }

  /** In the encoding of the terminal, which need not be the default one. */
  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
