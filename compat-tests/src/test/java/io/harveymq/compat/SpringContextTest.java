package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.amqp.rabbit.annotation.EnableRabbit;
import org.springframework.amqp.rabbit.annotation.Exchange;
import org.springframework.amqp.rabbit.annotation.QueueBinding;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.SendTo;

/** An application with a Spring context: declared beans, annotated listeners. */
@Tag("clients")
class SpringContextTest extends CompatTest {
  private AnnotationConfigApplicationContext context;
  private String events;
  private String work;
  private String results;

  /** The application; its names come from the environment. */
  @Configuration
  @EnableRabbit
  static class Application {
    @Bean
    ConnectionFactory connectionFactory() {
      return new CachingConnectionFactory(URI.create(BrokerUnderTest.uri()));
    }

    @Bean
    RabbitAdmin admin(ConnectionFactory factory) {
      return new RabbitAdmin(factory);
    }

    @Bean
    RabbitTemplate template(ConnectionFactory factory) {
      return new RabbitTemplate(factory);
    }

    @Bean
    SimpleRabbitListenerContainerFactory rabbitListenerContainerFactory(ConnectionFactory factory) {
      SimpleRabbitListenerContainerFactory containers = new SimpleRabbitListenerContainerFactory();
      containers.setConnectionFactory(factory);
      containers.setConcurrentConsumers(2);
      containers.setPrefetchCount(10);
      return containers;
    }

    @Bean
    Declarables topology(org.springframework.core.env.Environment names) {
      TopicExchange events = new TopicExchange(names.getProperty("events"));
      Queue work = new Queue(names.getProperty("work"));
      Binding binding = BindingBuilder.bind(work).to(events).with("work.#");
      return new Declarables(events, work, binding, new Queue(names.getProperty("results")));
    }

    @Bean
    Listeners listeners() {
      return new Listeners();
    }
  }

  /** What the application does with messages. */
  static class Listeners {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @RabbitListener(queues = "${work}")
    @SendTo("${results}")
    public String work(String text, @Header("amqp_receivedRoutingKey") String key) {
      return key + " " + text;
    }

    @RabbitListener(
        bindings =
            @QueueBinding(
                value = @org.springframework.amqp.rabbit.annotation.Queue,
                exchange = @Exchange(name = "${events}", type = "topic"),
                key = "news.*"))
    public void news(String text) {
      heard.add(text);
    }
  }

  @BeforeEach
  void startApplication() {
    events = name("events");
    work = name("work");
    results = name("results");
    context = new AnnotationConfigApplicationContext();
    Map<String, Object> names = Map.of("events", events, "work", work, "results", results);
    context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("names", names));
    context.register(Application.class);
    context.refresh();
  }

  @AfterEach
  void stopApplication() {
    context.close();
  }

  @Test
  void annotatedListenersWorkOnDeclaredTopology() throws Exception {
    RabbitTemplate template = context.getBean(RabbitTemplate.class);
    template.convertAndSend(events, "work.hard", "one");
    assertThat(template.receiveAndConvert(results, 20_000)).isEqualTo("work.hard one");
    template.convertAndSend(events, "news.today", "two");
    BlockingQueue<String> heard = context.getBean(Listeners.class).heard;
    assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("two");
  }

  @Test
  void annotatedListenerAnswersARequest() {
    RabbitTemplate template = context.getBean(RabbitTemplate.class);
    template.setReplyTimeout(20_000);
    assertThat(template.convertSendAndReceive(events, "work.easy", "three"))
        .isEqualTo("work.easy three");
  }
}
