namespace Tinyvex.Replaying;

/// <summary>A place in a recorded message: the JSON token there, quotes included.</summary>
internal readonly record struct Slot(int Offset, int Length, SlotKind Kind);
