namespace Tinyvex;

/// <summary>What an ack promises beyond that the write survives the end of the server.</summary>
public enum Durability
{
    /// <summary>The last moments may be lost with the power: the system writes to the disk when it sees fit.</summary>
    Normal,

    /// <summary>It survives the loss of power too: every commit waits for the disk.</summary>
    Full,
}
