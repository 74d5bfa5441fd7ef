# Harvey as a container that takes the place of RabbitMQ's image with the management plugin:
#   docker build -t harvey .
#   docker run --rm -p 5672:5672 -p 15672:15672 harvey
FROM eclipse-temurin:17.0.15_6-jdk-jammy AS build
WORKDIR /src
COPY . .
RUN ./mvnw -B -ntp -pl server -am -Dmaven.test.skip=true package \
 && cd /opt && jar xf /src/server/target/harvey-*.zip && mv harvey-* harvey && chmod 755 harvey/bin/*

FROM eclipse-temurin:17.0.15_6-jre-jammy
# The user's numbers are those of RabbitMQ's image.
RUN groupadd --gid 999 --system rabbitmq \
 && useradd --uid 999 --system --home-dir /var/lib/rabbitmq --gid rabbitmq rabbitmq \
 && mkdir -p /var/lib/rabbitmq /etc/rabbitmq/conf.d && chown rabbitmq:rabbitmq /var/lib/rabbitmq
COPY --from=build /opt/harvey /opt/harvey
COPY docker/10-defaults.conf /etc/rabbitmq/conf.d/
COPY docker/docker-entrypoint.sh /usr/local/bin/
ENV HOME=/var/lib/rabbitmq HARVEY_USER=rabbitmq PATH=/opt/harvey/bin:$PATH
# The class-data archive belongs to the image, so that a container starts fast at once. The user has to be able to
# write where it is, else bin/harvey would look elsewhere.
RUN ln -s harvey /opt/harvey/bin/rabbitmq-server && harvey train && chown -R rabbitmq:rabbitmq /opt/harvey/archive
WORKDIR /var/lib/rabbitmq
VOLUME /var/lib/rabbitmq
EXPOSE 5672 15672 15692
# By the entry point, so that it asks as the user whom the broker runs as.
HEALTHCHECK --interval=10s --timeout=10s --start-period=20s --retries=3 \
  CMD ["docker-entrypoint.sh", "rabbitmq-diagnostics", "-q", "ping"]
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["rabbitmq-server"]
