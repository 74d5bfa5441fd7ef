package io.harveymq.server;

import io.harveymq.persistence.MapDbStore;
import io.harveymq.persistence.StoreInfo;
import io.harveymq.persistence.StoreOptions;
import io.harveymq.persistence.StoreVerifier;
import io.harveymq.persistence.journal.DiskFiles;
import io.harveymq.persistence.journal.StoreFailedException;
import io.harveymq.persistence.journal.StoreOpenException;
import io.harveymq.server.config.UsageException;
import io.harveymq.server.log.LogSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * {@code harvey store}: looks after a data directory while no broker uses it. Results go to one
 * stream, progress and what went wrong to the other. Main thread.
 */
final class StoreCommand {
  private static final String HELP =
      """
      Looks after a data directory. The broker that uses it must be stopped.

      Usage: harvey store ACTION [options]

      Actions:
      %s
      Options, with [defaults]:
        --data-dir DIR      the data directory [harvey-data]
        --to DIR            where backup makes the copy
        --from DIR          where restore finds the copy
        --accept-loss       compact without what is damaged in the journal
        -h, --help          print this help

      The exit status is 0 when all is well, 1 when something is damaged or failed,
      2 when the command line is wrong.

      Examples:
        harvey store info
        harvey store backup --data-dir harvey-data --to /backups/monday
        harvey store restore --data-dir harvey-data --from /backups/monday
      """;

  /** What every store has from its first start on. */
  private static final String STATE = "store.state";

  private static final String BASE = "store.db";
  private static final String JOURNAL = "journal-";
  private static final int PERCENT = 100;

  private final PrintStream out;
  private final PrintStream err;

  /**
   * @param out for results
   * @param err for progress, and for what went wrong, one line
   */
  StoreCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Runs one command line.
   *
   * @param arguments those behind the word {@code store}
   * @return the exit status
   */
  int run(List<String> arguments) {
    if (arguments.contains("-h") || arguments.contains("--help")) {
      out.print(HELP.formatted(actions()));
      return Harvey.OK;
    }
    try {
      StoreRequest request = StoreRequest.of(arguments);
      BrokerStart.configure(LogSettings.forCommands());
      return run(request);
    } catch (UsageException e) {
      err.println("harvey: " + e.getMessage() + "; try 'harvey store --help'");
      return Harvey.USAGE;
    } catch (StartException | StoreOpenException e) {
      err.println("harvey: " + e.getMessage());
      return Harvey.FAILED;
    }
  }

  private static String actions() {
    StringBuilder lines = new StringBuilder();
    for (StoreAction action : StoreAction.values()) {
      lines.append("  %-18s  %s%n".formatted(action.word(), action.description()));
    }
    return lines.toString();
  }

  private int run(StoreRequest request) throws StartException {
    Path dataDir = request.dataDir();
    switch (request.action()) {
      case INFO -> info(dataDir);
      case VERIFY -> {
        return verify(dataDir);
      }
      case COMPACT -> compact(dataDir, request.acceptLoss());
      case BACKUP -> copy(dataDir, request.other());
      case RESTORE -> copy(request.other(), dataDir);
    }
    return Harvey.OK;
  }

  private void info(Path dataDir) throws StartException {
    requireStore(dataDir);
    long file = size(dataDir, BASE);
    long journals = size(dataDir, JOURNAL);
    MapDbStore store =
        MapDbStore.open(new DiskFiles(dataDir), StoreOptions.defaults(), Runnable::run);
    StoreInfo info;
    try {
      info = store.info();
    } finally {
      store.close();
    }
    row("data directory", dataDir.toString());
    row("format", String.valueOf(info.format()));
    row("durable queues", Sizes.count(info.queues()));
    row("definitions", Sizes.count(info.definitions()) + ", those queues included");
    row("messages", Sizes.count(info.messages()));
    row("their size", Sizes.bytes(info.bytes()) + " of bodies and properties");
    row("segments", Sizes.count(info.segments()));
    row("store file", Sizes.bytes(file) + ", " + percent(info.liveBytes(), file) + " in use");
    row("journals", journals == 0 ? "none, it was stopped in order" : Sizes.bytes(journals));
  }

  private void row(String name, String value) {
    out.println("%-16s%s".formatted(name, value));
  }

  private static String percent(long part, long whole) {
    return (whole == 0 ? 0 : part * PERCENT / whole) + " %";
  }

  private int verify(Path dataDir) throws StartException {
    requireStore(dataDir);
    String size = Sizes.bytes(size(dataDir, BASE) + size(dataDir, JOURNAL));
    List<String> findings;
    Progress progress = new Progress(err, () -> "looking through " + size + " ...");
    try {
      findings = StoreVerifier.verify(dataDir);
    } catch (IOException e) {
      throw failed("the store in " + dataDir + " cannot be read", e, "check the disk");
    } finally {
      progress.close();
    }
    if (findings.isEmpty()) {
      out.println("no damage found in " + dataDir + " (" + size + ")");
      return Harvey.OK;
    }
    findings.forEach(out::println);
    err.println(
        "harvey: "
            + Sizes.count(findings.size(), "problem")
            + " found in "
            + dataDir
            + "; nothing was changed; restore a backup, or see docs/durability.md");
    return Harvey.FAILED;
  }

  private void compact(Path dataDir, boolean acceptLoss) throws StartException {
    requireStore(dataDir);
    StoreOptions options = StoreOptions.defaults();
    long before = size(dataDir, BASE);
    Path draft = dataDir.resolve("compact.tmp");
    Supplier<String> line =
        () -> "compacting: " + Sizes.bytes(Files.exists(draft) ? size(draft, BASE) : 0) + " ...";
    Progress progress = new Progress(err, line);
    try {
      MapDbStore.compact(dataDir, acceptLoss ? options.acceptingLoss() : options);
    } catch (StoreFailedException | IOException e) {
      throw failed(
          "the store in " + dataDir + " cannot be compacted",
          e,
          "it is as it was; there must be room for a second file with what is in use");
    } finally {
      progress.close();
    }
    out.println(
        "compacted "
            + dataDir
            + ": from "
            + Sizes.bytes(before)
            + " to "
            + Sizes.bytes(size(dataDir, BASE)));
  }

  private void copy(Path from, Path to) throws StartException {
    requireStore(from);
    StoreCopy copy = new StoreCopy(from, to);
    Supplier<String> line =
        () -> "copied " + Sizes.bytes(copy.copied()) + " of " + Sizes.bytes(copy.size()) + " ...";
    Progress progress = new Progress(err, line);
    try {
      copy.run();
    } catch (IOException e) {
      throw failed(
          from + " cannot be copied to " + to, e, "what was copied is removed; make room there");
    } finally {
      progress.close();
    }
    out.println("copied " + from + " to " + to + " (" + Sizes.bytes(copy.copied()) + ")");
  }

  private static void requireStore(Path directory) throws StartException {
    if (!Files.exists(directory.resolve(STATE)) && !Files.exists(directory.resolve(BASE))) {
      String what = Files.isDirectory(directory) ? "no " + STATE + " in it" : "no such directory";
      throw new StartException(
          "there is no store in " + directory + " (" + what + "); is the directory right?", null);
    }
  }

  /** Bytes of all files whose name begins so. */
  private static long size(Path directory, String prefix) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .mapToLong(file -> file.toFile().length())
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StartException failed(String what, Exception e, String remedy) {
    Throwable cause = e.getCause() instanceof IOException inner ? inner : e;
    boolean worded = cause instanceof FileSystemException f && f.getReason() != null;
    String reason = worded ? ((FileSystemException) cause).getReason() : cause.getMessage();
    return new StartException(what + ": " + reason + " (" + remedy + ")", e);
  }
}
