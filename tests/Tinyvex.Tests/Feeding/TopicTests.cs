using System.Text;
using Tinyvex.Feeding;

namespace Tinyvex.Tests.Feeding;

public class TopicTests
{
    private const long Plenty = 1024 * 1024;

    [Test]
    public async Task A_reader_gets_the_frames_after_its_place_in_order()
    {
        var topic = new Topic(since: 10);
        for (var position = 11; position <= 15; position++) Append(topic, position);
        var reader = new TopicReader(topic, StreamSet.Messages, "t", after: 12);

        await Assert.That(reader.Peek(head: 15)).IsEqualTo(13);
        await Assert.That(Text(reader.TakeRun(head: 15))).IsEqualTo("[13][14][15]");
        await Assert.That(reader.Peek(head: 15)).IsNull();
        await Assert.That(reader.After).IsEqualTo(15);
    }

    [Test]
    public async Task A_reader_sees_nothing_beyond_the_published_head()
    {
        var topic = new Topic(since: 0);
        Append(topic, 1);
        Append(topic, 2);
        var reader = new TopicReader(topic, StreamSet.Messages, "t", after: 0);

        await Assert.That(reader.Peek(head: 1)).IsEqualTo(1);
        await Assert.That(Text(reader.TakeRun(head: 1))).IsEqualTo("[1]");
        await Assert.That(reader.Peek(head: 1)).IsNull();
        await Assert.That(reader.Peek(head: 2)).IsEqualTo(2);
    }

    [Test]
    public async Task A_run_ends_where_a_stream_that_is_not_wanted_begins()
    {
        var topic = new Topic(since: 0);
        Append(topic, 1);
        Append(topic, 2, StreamSet.Plan);
        Append(topic, 3);
        var reader = new TopicReader(topic, StreamSet.Messages, "t", after: 0);

        await Assert.That(reader.Peek(head: 3)).IsEqualTo(1);
        await Assert.That(Text(reader.TakeRun(head: 3))).IsEqualTo("[1]");
        await Assert.That(reader.Peek(head: 3)).IsEqualTo(3);
    }

    [Test]
    public async Task What_is_kept_stays_below_the_bound_and_a_reader_knows_that_it_is_behind()
    {
        const long bound = 256 * 1024;
        var topic = new Topic(since: 0);
        var slow = new TopicReader(topic, StreamSet.Messages, "t", after: 0);
        await Assert.That(slow.IsBehind).IsFalse();

        for (var position = 1; position <= 2_000; position++) Append(topic, position, bytes: 1_000, max: bound);

        await Assert.That(slow.IsBehind).IsTrue();
        await Assert.That(slow.Peek(head: 2_000)).IsNull();
        // Segments of 64 KiB: what is kept is the bound, give or take one of them.
        await Assert.That(2_000 - topic.DroppedTo).IsBetween(150, 330);
    }

    [Test]
    public async Task A_reader_that_caught_up_from_elsewhere_goes_on_without_a_gap()
    {
        var topic = new Topic(since: 0);
        for (var position = 1; position <= 2_000; position++) Append(topic, position, bytes: 1_000, max: 128 * 1024);
        var reader = new TopicReader(topic, StreamSet.Messages, "t", after: 0);

        reader.MoveTo(topic.DroppedTo);

        await Assert.That(reader.IsBehind).IsFalse();
        await Assert.That(reader.Peek(head: 2_000)).IsEqualTo(topic.DroppedTo + 1);
    }

    [Test]
    public async Task A_segment_that_is_dropped_while_it_is_read_ends_in_being_behind_and_not_in_a_gap()
    {
        var topic = new Topic(since: 0);
        for (var position = 1; position <= 100; position++) Append(topic, position, bytes: 1_000, max: 128 * 1024);
        var reader = new TopicReader(topic, StreamSet.Messages, "t", after: 0);
        reader.Peek(head: 100);

        for (var position = 101; position <= 2_000; position++) Append(topic, position, bytes: 1_000, max: 128 * 1024);
        long last = 0;
        while (!reader.IsBehind && reader.Peek(head: 2_000) is { } next)
        {
            await Assert.That(next).IsEqualTo(last + 1);
            reader.Take();
            last = next;
        }

        await Assert.That(reader.IsBehind || last == 2_000).IsTrue();
        await Assert.That(reader.After).IsEqualTo(last);
    }

    [Test]
    public async Task The_last_frames_are_kept_for_late_joiners_whatever_their_size()
    {
        var topic = new Topic(since: 0, minFrames: 100);
        for (var position = 1; position <= 500; position++) Append(topic, position, bytes: 10_000, max: 64 * 1024);

        await Assert.That(topic.Back(100)).IsEqualTo((400L, 0));
        await Assert.That(topic.DroppedTo).IsBetween(300, 400);
    }

    [Test]
    public async Task Fewer_frames_than_asked_for_are_all_that_there_are()
    {
        var topic = new Topic(since: 7, minFrames: 100);
        Append(topic, 8);
        Append(topic, 9);

        await Assert.That(topic.Back(100)).IsEqualTo((7L, 98));
    }

    [Test]
    public async Task A_frame_larger_than_a_segment_is_kept_whole()
    {
        var topic = new Topic(since: 0);
        Append(topic, 1);
        Append(topic, 2, bytes: 300_000);
        Append(topic, 3);
        var reader = new TopicReader(topic, StreamSet.Messages, "t", after: 1);

        reader.Peek(head: 3);
        await Assert.That(reader.Take().Length).IsEqualTo(300_000);
        await Assert.That(reader.Peek(head: 3)).IsEqualTo(3);
    }

    private static void Append(Topic topic, long position, StreamSet stream = StreamSet.Messages, int bytes = 0, long max = Plenty)
    {
        var frame = Encoding.ASCII.GetBytes($"[{position}]");
        if (bytes > 0) Array.Resize(ref frame, bytes);
        topic.Append(position, stream, frame, max);
    }

    private static string Text(ReadOnlyMemory<byte> frames) => Encoding.ASCII.GetString(frames.Span);
}
