package io.harveymq.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerStartException;
import io.harveymq.management.definitions.DefinitionsImport;
import io.harveymq.management.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of definitions that are taken up at the start, before the ports open; of a directory all
 * that end in {@code .json}, by name; again when the broker is reset. One thread at a time.
 */
final class DefinitionFiles implements Broker.Preparation {
  private static final Logger LOG = LoggerFactory.getLogger(DefinitionFiles.class);
  private static final int TIMEOUT_SECONDS = 300;

  private record Document(Path file, JsonNode content) {}

  private final List<Document> documents = new ArrayList<>();
  private final ImportedDefinitions imported;

  private DefinitionFiles(ImportedDefinitions imported) {
    this.imported = imported;
  }

  /**
   * Reads all files.
   *
   * @param imported knows what was imported before; null to import everything again
   * @throws StartException naming the file, and the place in it, when one can't be read
   */
  static DefinitionFiles read(List<Path> paths, ImportedDefinitions imported)
      throws StartException {
    DefinitionFiles files = new DefinitionFiles(imported);
    for (Path path : paths) {
      for (Path file : within(path)) {
        files.documents.add(new Document(file, content(file)));
      }
    }
    return files;
  }

  private static List<Path> within(Path path) throws StartException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException unreadable) {
      throw new StartException("definitions: cannot list " + path + ": " + unreadable, unreadable);
    }
  }

  private static JsonNode content(Path file) throws StartException {
    try {
      return Json.read(Files.readAllBytes(file));
    } catch (JsonProcessingException broken) {
      throw new StartException(
          "definitions: %s:%d:%d is not JSON: %s"
              .formatted(
                  file,
                  broken.getLocation().getLineNr(),
                  broken.getLocation().getColumnNr(),
                  broken.getOriginalMessage()),
          broken);
    } catch (NoSuchFileException missing) {
      throw new StartException("definitions: there is no file " + file, missing);
    } catch (IOException unreadable) {
      throw new StartException("definitions: cannot read " + file + ": " + unreadable, unreadable);
    }
  }

  /**
   * Whether users are among them. A broker that starts for the first time makes no user and no
   * virtual host of its own then, as RabbitMQ.
   */
  @Override
  public boolean bringsUsers() {
    return documents.stream().anyMatch(document -> !document.content.path("users").isEmpty());
  }

  /**
   * Whether they bring users, but not this one: a broker that starts for the first time does not
   * make him then.
   */
  boolean leaveOut(String user) {
    return bringsUsers()
        && documents.stream()
            .flatMap(document -> document.content.path("users").findValues("name").stream())
            .noneMatch(name -> name.asText().equals(user));
  }

  /**
   * Takes all up, in order.
   *
   * @throws BrokerStartException naming the file, when one can't be taken up
   */
  @Override
  public void prepare(Broker broker) throws BrokerStartException {
    if (imported == null) {
      importAll(broker);
      return;
    }
    List<JsonNode> contents = documents.stream().map(Document::content).toList();
    try {
      if (imported.are(contents)) {
        LOG.info("definitions are the same as at an earlier start and are not loaded again");
        return;
      }
      importAll(broker);
      imported.keep(contents);
    } catch (IOException failed) {
      throw new BrokerStartException("definitions: " + failed, failed);
    }
  }

  @Override
  public void forget() throws BrokerStartException {
    if (imported != null) {
      try {
        imported.forget();
      } catch (IOException failed) {
        throw new BrokerStartException("definitions: " + failed, failed);
      }
    }
  }

  private void importAll(Broker broker) throws BrokerStartException {
    for (Document document : documents) {
      try {
        DefinitionsImport.load(broker, document.content, null)
            .toCompletableFuture()
            .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        LOG.info("definitions of {} are loaded", document.file);
      } catch (ExecutionException failure) {
        throw new BrokerStartException(
            "definitions: " + document.file + ": " + failure.getCause().getMessage(), failure);
      } catch (TimeoutException late) {
        throw new BrokerStartException(
            "definitions: " + document.file + " took more than " + TIMEOUT_SECONDS + " s", late);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new BrokerStartException("interrupted while loading definitions", interrupted);
      }
    }
  }
}
