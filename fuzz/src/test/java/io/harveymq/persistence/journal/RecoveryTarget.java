package io.harveymq.persistence.journal;

import io.harveymq.broker.store.MessageStore;
import io.harveymq.fuzz.Choices;
import io.harveymq.persistence.MapDbStore;
import io.harveymq.persistence.StoreModel;
import io.harveymq.persistence.StoreOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * The files that a killed broker left, with bytes changed. Where a journal is hurt, the store opens
 * as it was after one of its commits, none of them lost whose record stands before the damage, or
 * refuses; where the base is, it refuses or opens, and reading ends.
 */
public final class RecoveryTarget {
  private static final StoreOptions SMALL =
      new StoreOptions(
          new JournalOptions(64 << 10, 256 << 10, 2 << 20, 16 << 10, 1 << 20, 1 << 20, false));

  private static final int COMMITS = 10;
  private static final String BASE = "store.db";
  private static final String STATE = "store.state";

  /** Made once: the files, what was in them after each commit, and where its record ended. */
  private static RecoveryTarget left;

  private final SimulatedFiles files;
  private final String journal;
  private final List<StoreModel> states = new ArrayList<>();
  private final List<Integer> ends = new ArrayList<>();

  private RecoveryTarget() throws IOException {
    StoreModel model = new StoreModel(7);
    model.largest(1_500);
    SimulatedFiles first = new SimulatedFiles();
    StepExecutor keeper = new StepExecutor();
    MapDbStore store = MapDbStore.open(first, SMALL, keeper);
    for (int i = 0; i < 30; i++) {
      model.change(store);
      model.commit(store);
      keeper.runAll();
    }
    model.killed();
    SimulatedFiles second = first.afterKill();
    MapDbStore again = MapDbStore.open(second, SMALL, new StepExecutor());
    journal = firstJournal(second);
    keep(model, second);
    for (int i = 0; i < COMMITS; i++) {
      model.change(again);
      model.commit(again);
      keep(model, second);
    }
    files = second.afterKill();
  }

  private void keep(StoreModel model, SimulatedFiles from) {
    StoreModel state = model.snapshot();
    state.killed();
    states.add(state);
    byte[] bytes = from.bytes(journal);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    ends.add(end);
    if (from.list().stream().filter(name -> name.startsWith("journal-")).count() > 2) {
      throw new AssertionError("a second journal is written to");
    }
  }

  /** All is written to the first; another one waits to be used. */
  private static String firstJournal(SimulatedFiles from) {
    return from.list().stream()
        .filter(name -> name.startsWith("journal-"))
        .sorted()
        .findFirst()
        .orElseThrow();
  }

  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    if (left == null) {
      left = new RecoveryTarget();
    }
    left.run(new Choices(input));
  }

  private void run(Choices choices) {
    SimulatedFiles hurt = files.afterKill();
    String name = choices.of(journal, journal, BASE, STATE);
    boolean inJournal = name.equals(journal);
    int earliest = Integer.MAX_VALUE;
    for (int count = 1 + choices.below(4); count > 0; count--) {
      earliest = Math.min(earliest, damage(hurt, name, choices));
    }
    boolean acceptLoss = inJournal && choices.flag();
    MapDbStore store;
    try {
      StoreOptions options = acceptLoss ? SMALL.acceptingLoss() : SMALL;
      store = MapDbStore.open(hurt, options, new StepExecutor());
    } catch (StoreOpenException | StoreFailedException refused) {
      if (refused.getMessage() == null || refused.getMessage().isBlank()) {
        throw new AssertionError("refused without a word", refused);
      }
      return;
    }
    if (inJournal && !acceptLoss) {
      requireState(store, earliest);
    } else {
      readAll(store);
    }
    close(store);
  }

  /** Where the first changed byte is. */
  private int damage(SimulatedFiles hurt, String name, Choices choices) {
    byte[] bytes = hurt.bytes(name);
    if (bytes.length == 0) {
      return 0; // was cut off whole before
    }
    int used = name.equals(journal) ? ends.get(ends.size() - 1) + 64 : bytes.length;
    used = Math.min(used, bytes.length);
    int at = (choices.below(65_536) << 8 | choices.octet()) % used;
    switch (choices.below(5)) {
      case 0 -> {
        byte[] replacement = choices.bytes(1 + choices.below(32));
        int length = Math.min(replacement.length, bytes.length - at);
        System.arraycopy(replacement, 0, bytes, at, length);
      }
      case 1 -> bytes[at] ^= (byte) (1 << choices.below(8));
      case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + choices.below(2_000)), (byte) 0);
      case 3 -> hurt.replace(name, Arrays.copyOf(bytes, at));
      default -> {
        int from = (choices.below(65_536) << 8 | choices.octet()) % Math.max(1, used);
        int length = Math.min(choices.below(4_096), bytes.length - Math.max(at, from));
        System.arraycopy(bytes.clone(), from, bytes, at, length);
      }
    }
    return at;
  }

  private void requireState(MapDbStore store, int earliest) {
    int least = 0;
    for (int i = 0; i < ends.size(); i++) {
      least = ends.get(i) <= earliest ? i : least;
    }
    TreeMap<Integer, AssertionError> tried = new TreeMap<>();
    for (int i = states.size() - 1; i >= least; i--) {
      try {
        store.audit();
        StoreModel state = states.get(i).snapshot();
        state.killed();
        state.checkAll(store);
        return;
      } catch (AssertionError notThatOne) {
        tried.put(i, notThatOne);
      }
    }
    throw new AssertionError("as after no commit from " + least + " on", tried.get(least));
  }

  private static void readAll(MapDbStore store) {
    try {
      store.definitions().load();
      for (MessageStore.Log log : store.messages().logs()) {
        store.messages().read(log.number(), 0, 100_000);
      }
      store.audit();
    } catch (RuntimeException damaged) {
      // is told when it is met
    }
  }

  private static void close(MapDbStore store) {
    try {
      store.close();
    } catch (RuntimeException damaged) {
      // the files are gone anyway
    }
  }
}
