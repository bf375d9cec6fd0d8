using System.Runtime.InteropServices;

namespace Tinyvex.Guarding;

/// <summary>JOBOBJECT_EXTENDED_LIMIT_INFORMATION of winnt.h, flattened; only the flags are ever set.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct JobObjectLimits
{
    internal long PerProcessUserTimeLimit;
    internal long PerJobUserTimeLimit;
    internal uint LimitFlags;
    internal nuint MinimumWorkingSetSize;
    internal nuint MaximumWorkingSetSize;
    internal uint ActiveProcessLimit;
    internal nuint Affinity;
    internal uint PriorityClass;
    internal uint SchedulingClass;
    internal ulong ReadOperationCount;
    internal ulong WriteOperationCount;
    internal ulong OtherOperationCount;
    internal ulong ReadTransferCount;
    internal ulong WriteTransferCount;
    internal ulong OtherTransferCount;
    internal nuint ProcessMemoryLimit;
    internal nuint JobMemoryLimit;
    internal nuint PeakProcessMemoryUsed;
    internal nuint PeakJobMemoryUsed;
}
