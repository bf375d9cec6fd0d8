namespace Tinyvex.Rows;

/// <summary>Who gave a thread its title; a later member replaces an earlier one, never the other way round.</summary>
internal enum TitleSource
{
    None = 0,
    FirstPrompt = 1,
    Agent = 2,
    Client = 3,
}
