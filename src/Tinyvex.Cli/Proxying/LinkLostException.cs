namespace Tinyvex.Cli.Proxying;

/// <summary>The connection to the server is gone, and whether it took what was sent last is not known.</summary>
internal sealed class LinkLostException(string why, Exception? inner = null) : Exception(why, inner);
