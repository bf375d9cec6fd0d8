namespace Tinyvex.Guarding;

/// <summary>One process as the system's table shows it.</summary>
internal readonly record struct ProcessEntry(int Pid, int ParentPid, int Group);
