// What every client is tried with, by Go's amqp091: steps steps|restart URI QUEUE
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"reflect"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"
)

const limit = 30 * time.Second

var headers = amqp.Table{
	"text":   "häse",
	"number": int32(7),
	"big":    int64(1) << 40,
	"yes":    true,
	"real":   1.5,
	"list":   []interface{}{int32(1), "two"},
	"table":  amqp.Table{"in": "side"},
}

func say(words ...interface{}) {
	fmt.Println(words...)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func same(what string, equal bool, actual interface{}) {
	if equal {
		say(what, "same")
	} else {
		say(what, actual)
	}
}

// confirmingChannel is a channel with its confirms. They are taken from a listener because a deferred
// confirmation of version 1.5.0 misses the ack that comes before it was registered.
type confirmingChannel struct {
	*amqp.Channel
	confirms chan amqp.Confirmation
}

func openChannel(connection *amqp.Connection) confirmingChannel {
	channel, err := connection.Channel()
	check(err)
	check(channel.Confirm(false))
	return confirmingChannel{channel, channel.NotifyPublish(make(chan amqp.Confirmation, 1))}
}

func publish(channel confirmingChannel, key string, mandatory bool, message amqp.Publishing) {
	check(channel.PublishWithContext(context.Background(), "", key, mandatory, false, message))
	select {
	case confirmation := <-channel.confirms:
		if !confirmation.Ack {
			log.Fatal("refused: ", key)
		}
	case <-time.After(limit):
		log.Fatal("not confirmed: ", key)
	}
}

func persistent(body string) amqp.Publishing {
	return amqp.Publishing{DeliveryMode: amqp.Persistent, Body: []byte(body)}
}

func get(channel confirmingChannel, queue string, autoAck bool) amqp.Delivery {
	message, ok, err := channel.Get(queue, autoAck)
	check(err)
	if !ok {
		log.Fatal("nothing in ", queue)
	}
	return message
}

func consume(channel confirmingChannel, queue string) <-chan amqp.Delivery {
	deliveries, err := channel.Consume(queue, "", false, false, false, false, nil)
	check(err)
	return deliveries
}

func delivered(deliveries <-chan amqp.Delivery) amqp.Delivery {
	select {
	case message := <-deliveries:
		say("delivered", string(message.Body), message.Redelivered)
		return message
	case <-time.After(limit):
		log.Fatal("no delivery")
		panic("unreachable")
	}
}

// take takes so many messages with a prefetch count of 1 and leaves the last unacknowledged.
func take(channel confirmingChannel, queue string, count int) amqp.Delivery {
	check(channel.Qos(1, 0, false))
	deliveries := consume(channel, queue)
	for ; count > 1; count-- {
		check(delivered(deliveries).Ack(false))
	}
	return delivered(deliveries)
}

// channelError runs the action on a channel of its own and tells why the broker closes that.
func channelError(connection *amqp.Connection, action func(confirmingChannel) error) {
	channel := openChannel(connection)
	closed := channel.NotifyClose(make(chan *amqp.Error, 1))
	err := action(channel)
	reason := <-closed
	var fromAction *amqp.Error
	if errors.As(err, &fromAction) && *fromAction != *reason {
		log.Fatal("two reasons: ", fromAction, reason)
	}
	say(reason.Code, reason.Reason)
}

func steps(uri, name string) {
	connection, err := amqp.Dial(uri)
	check(err)
	channel := openChannel(connection)
	queue, err := channel.QueueDeclare(name, true, false, false, false, nil)
	check(err)
	say("declared", queue.Messages, queue.Consumers)

	for _, body := range []string{"one", "two", "three"} {
		publish(channel, name, false, persistent(body))
	}
	say("confirmed", 3)
	returns := channel.NotifyReturn(make(chan amqp.Return, 1))
	publish(channel, name+"-missing", true, persistent("lost"))
	returned := <-returns
	say("returned", returned.ReplyCode, returned.ReplyText, string(returned.Body))

	got := get(channel, name, false)
	say("got", string(got.Body), got.Redelivered, got.MessageCount)
	check(got.Nack(false, true))
	take(channel, name, 2)
	check(channel.Close())
	channel = openChannel(connection)
	check(take(channel, name, 2).Ack(false))
	check(channel.Close())

	channel = openChannel(connection)
	large := bytes.Repeat([]byte("x"), 300_000)
	publish(channel, name, false, amqp.Publishing{Headers: headers})
	publish(channel, name, false, amqp.Publishing{Body: large})
	got = get(channel, name, true)
	same("headers", reflect.DeepEqual(got.Headers, headers), got.Headers)
	got = get(channel, name, true)
	same("large", bytes.Equal(got.Body, large), len(got.Body))

	missing := name + "-missing"
	channelError(connection, func(ch confirmingChannel) error {
		_, err := ch.QueueDeclarePassive(missing, true, false, false, false, nil)
		return err
	})
	channelError(connection, func(ch confirmingChannel) error {
		_, err := ch.QueueDeclare(name, false, false, false, false, nil)
		return err
	})
	channelError(connection, func(ch confirmingChannel) error {
		return ch.PublishWithContext(context.Background(), missing, "", false, false, persistent("lost"))
	})
	deleted, err := channel.QueueDelete(name, false, false, false)
	check(err)
	say("deleted", deleted)
	check(connection.Close())
}

func connectAgain(uri string) *amqp.Connection {
	until := time.Now().Add(time.Minute)
	for {
		connection, err := amqp.Dial(uri)
		if err == nil {
			return connection
		}
		if time.Now().After(until) {
			log.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func restart(uri, name string) {
	connection, err := amqp.Dial(uri)
	check(err)
	lost := connection.NotifyClose(make(chan *amqp.Error, 1))
	channel := openChannel(connection)
	_, err = channel.QueueDeclare(name, true, false, false, false, nil)
	check(err)
	publish(channel, name, false, persistent("before"))
	say("ready")
	delivered(consume(channel, name))
	if reason := <-lost; reason.Code != amqp.ConnectionForced {
		log.Fatal(reason)
	}
	say("lost")

	connection = connectAgain(uri)
	say("back")
	channel = openChannel(connection)
	deliveries := consume(channel, name)
	check(delivered(deliveries).Ack(false))
	publish(channel, name, false, persistent("after"))
	say("confirmed after")
	check(delivered(deliveries).Ack(false))
	check(connection.Close())
}

func main() {
	run := map[string]func(string, string){"steps": steps, "restart": restart}[os.Args[1]]
	run(os.Args[2], os.Args[3])
}
