using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Tinyvex.Hosting;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Hosting;

/// <summary>The database is opened while the address is taken: where one of them cannot be had, the other is let go.</summary>
public class StartTests
{
    [Test]
    public async Task Where_the_address_is_taken_the_database_is_free_again()
    {
        using var folder = new TempFolder();
        using var other = Occupy();
        await Assert.That(await RefusalAsync(Options(folder["t.db"], PortOf(other)))).IsEqualTo(ExitCode.AddressUnusable);

        await using var server = await StartAsync(Options(folder["t.db"], 0));
        await Assert.That(server.Url.Port).IsNotEqualTo(PortOf(other));
    }

    [Test]
    public async Task Where_the_database_is_unusable_the_address_is_free_again()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["text.db"], "no database at all");
        var port = FreePort();
        await Assert.That(await RefusalAsync(Options(folder["text.db"], port))).IsEqualTo(ExitCode.DatabaseUnusable);

        await using var server = await StartAsync(Options(folder["t.db"], port));
        await Assert.That(server.Url.Port).IsEqualTo(port);
    }

    [Test]
    public async Task Where_both_are_wrong_the_database_is_told()
    {
        using var folder = new TempFolder();
        using var other = Occupy();
        await File.WriteAllTextAsync(folder["text.db"], "no database at all");
        await Assert.That(await RefusalAsync(Options(folder["text.db"], PortOf(other)))).IsEqualTo(ExitCode.DatabaseUnusable);
    }

    private static async Task<ExitCode> RefusalAsync(TinyvexOptions options) =>
        (await Assert.That(async () => await StartAsync(options)).Throws<StartupException>())!.ExitCode;

    private static Task<TinyvexServer> StartAsync(TinyvexOptions options) => TinyvexServer.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance);

    private static TinyvexOptions Options(string database, int port) => new() { DatabasePath = database, Address = IPAddress.Loopback, Port = port };

    private static TcpListener Occupy()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int FreePort()
    {
        using var listener = Occupy();
        return PortOf(listener);
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
