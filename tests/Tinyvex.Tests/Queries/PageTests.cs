using System.Buffers;
using System.Text;
using System.Text.Json;
using Tinyvex.Queries;

namespace Tinyvex.Tests.Queries;

/// <summary>Pages of a list: where one ends, and how the next is found.</summary>
public class PageTests
{
    [Test]
    [Arguments(0L, 0L, "")]
    [Arguments(-5L, 7L, "a thread\nwith a line")]
    [Arguments(long.MinValue, long.MaxValue, "é🌍")]
    public async Task A_token_comes_back_as_it_was_given(long first, long second, string text)
    {
        var token = new PageToken(first, second, text);
        await Assert.That(PageToken.Decode("list", token.Encode("list"))).IsEqualTo(token);
    }

    [Test]
    [Arguments("")]
    [Arguments("%%%")]
    [Arguments("bGlzdA")]
    [Arguments("bGlzdAp4CnQ")]
    [Arguments("b3RoZXIKMQp0")]
    public async Task Another_lists_token_and_no_token_are_bad_requests(string token) =>
        await Assert.That(Assert.Throws<TinyvexException>(() => PageToken.Decode("list", token)).Code).IsEqualTo(ErrorCode.BadRequest);

    [Test]
    public async Task Rows_come_out_in_either_order()
    {
        using var page = new RowPage();
        foreach (var i in (int[])[1, 2, 3]) page.Add(i, static (row, json) => json.WriteNumberValue(row));
        await Assert.That(page.Count).IsEqualTo(3);
        await Assert.That(Text(page, reversed: false)).IsEqualTo("[1,2,3]");
        await Assert.That(Text(page, reversed: true)).IsEqualTo("[3,2,1]");
        await Assert.That(page.IsFull).IsFalse();
    }

    [Test]
    public async Task An_empty_page_is_an_empty_array()
    {
        using var page = new RowPage();
        await Assert.That(Text(page, reversed: true)).IsEqualTo("[]");
    }

    [Test]
    public async Task It_is_full_at_its_size()
    {
        using var page = new RowPage();
        var text = new string('x', 1024 * 1024);
        while (!page.IsFull) page.Add(text, static (row, json) => json.WriteStringValue(row));
        await Assert.That(page.Count).IsEqualTo(4);
    }

    private static string Text(RowPage page, bool reversed)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) page.Write(json, reversed);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
