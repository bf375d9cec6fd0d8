using System.Text;
using Tinyvex.Admission;

namespace Tinyvex.Tests.Connections;

public class TokenAndHashTests
{
    [Test]
    [Arguments("", "da39a3ee5e6b4b0d3255bfef95601890afd80709")]
    [Arguments("abc", "a9993e364706816aba3e25717850c26c9cd0d89d")]
    [Arguments("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1")]
    [Arguments("dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11", "b37a4f2cc0624f1690f64606cf385945b2bec4ea")]
    public async Task Sha1_of_known_texts(string text, string hash) =>
        await Assert.That(Convert.ToHexStringLower(Sha1.Hash(Encoding.ASCII.GetBytes(text)))).IsEqualTo(hash);

    [Test]
    public async Task Sha1_of_a_million_letters() =>
        await Assert.That(Convert.ToHexStringLower(Sha1.Hash(Encoding.ASCII.GetBytes(new string('a', 1_000_000)))))
            .IsEqualTo("34aa973cd4c4daa4f61eeb2bdbad27316534016f");

    [Test]
    public async Task Sha1_at_every_length_around_its_blocks()
    {
#pragma warning disable CA5350 // To compare with, not to protect.
        for (var length = 0; length < 200; length++)
        {
            var data = Enumerable.Range(0, length).Select(i => (byte)(i * 7)).ToArray();
            await Assert.That(Convert.ToHexString(Sha1.Hash(data))).IsEqualTo(Convert.ToHexString(System.Security.Cryptography.SHA1.HashData(data)));
        }
#pragma warning restore CA5350
    }

    [Test]
    public async Task A_made_token_is_well_formed_and_new()
    {
        var tokens = Enumerable.Range(0, 100).Select(_ => AccessToken.Make()).ToArray();
        await Assert.That(tokens.Distinct().Count()).IsEqualTo(100);
        await Assert.That(tokens.All(AccessToken.IsWellFormed)).IsTrue();
        await Assert.That(tokens.All(token => token.Length == 43)).IsTrue();
    }

    [Test]
    [Arguments("abcdefghijklmnopqrstuv", true)]
    [Arguments("ABCXYZ019._~-ABCXYZ019", true)]
    [Arguments("abcdefghijklmnopqrstu", false)]
    [Arguments("abcdefghijklmnopqrstu ", false)]
    [Arguments("abcdefghijklmnopqrstuv,", false)]
    [Arguments("abcdefghijklmnopqrstué", false)]
    [Arguments("abcdefghijklmnopqrstu\n", false)]
    public async Task What_a_token_is(string token, bool isOne) => await Assert.That(AccessToken.IsWellFormed(token)).IsEqualTo(isOne);

    [Test]
    [Arguments("secret", "secret", true)]
    [Arguments("secret", "secreT", false)]
    [Arguments("secret", "secret2", false)]
    [Arguments("secret", "", false)]
    public async Task Two_tokens_match_as_a_whole(string expected, string given, bool match) =>
        await Assert.That(AccessToken.Matches(expected, given)).IsEqualTo(match);
}
