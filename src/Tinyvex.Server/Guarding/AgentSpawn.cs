using System.Runtime.InteropServices;

namespace Tinyvex.Guarding;

/// <summary>
/// Starts the agent with posix_spawnp(3). System.Diagnostics.Process is not used, because it reaps children behind the
/// guard's back. The agent gets the guard's standard streams, working directory and environment as they are, every
/// signal at its default (the runtime ignores SIGPIPE, and that would be inherited) and a session of its own.
/// </summary>
/// <remarks>
/// The session is what makes killing by process group safe: a process can only join groups of its own session, so each
/// group that a descendant is in holds descendants only, never the guard or the server. It also leaves the agent
/// without a terminal to ask a password on.
/// </remarks>
internal static unsafe class AgentSpawn
{
    private const short SetSigDefault = 0x04;
    private const short SetSigMask = 0x08;
    private const short LinuxSetSession = 0x80;
    private const short DarwinSetSession = 0x400;
    private const short DarwinCloseOnExecDefault = 0x4000;

    /// <summary>Returns zero or the error number that tells why nothing was started.</summary>
    internal static int Start(string[] command, bool mergeOutput, out int pid)
    {
        var attributes = stackalloc byte[LibC.OpaqueStructSize];
        var actions = stackalloc byte[LibC.OpaqueStructSize];
        var argv = MakeArgv(command);
        _ = LibC.SpawnAttrInit(attributes);
        _ = LibC.SpawnActionsInit(actions);
        try
        {
            SetCleanSignals(attributes);
            if (OperatingSystem.IsMacOS())
            {
                // Without pipe2 there is no other way to keep the guard's own files from the agent.
                for (var fd = 0; fd <= (mergeOutput ? 1 : 2); fd++)
                    _ = DarwinLibC.SpawnActionsAddInherit(actions, fd);
                _ = LibC.SpawnAttrSetFlags(attributes, SetSigDefault | SetSigMask | DarwinSetSession | DarwinCloseOnExecDefault);
            }
            else
            {
                _ = LibC.SpawnAttrSetFlags(attributes, SetSigDefault | SetSigMask | LinuxSetSession);
            }

            if (mergeOutput)
                _ = LibC.SpawnActionsAddDup2(actions, from: 1, to: 2);
            int child;
            var error = LibC.SpawnP(&child, argv[0], actions, attributes, argv, LibC.GetEnviron());
            pid = error == 0 ? child : 0;
            return error;
        }
        finally
        {
            _ = LibC.SpawnActionsDestroy(actions);
            _ = LibC.SpawnAttrDestroy(attributes);
            FreeArgv(argv);
        }
    }

    private static void SetCleanSignals(void* attributes)
    {
        var set = stackalloc byte[LibC.OpaqueStructSize];
        _ = LibC.SigEmptySet(set);
        _ = LibC.SpawnAttrSetSigMask(attributes, set);
        _ = LibC.SigFillSet(set);

        // The two that cannot be changed are left out, in case a C library minds.
        _ = LibC.SigDelSet(set, LibC.SigKill);
        _ = LibC.SigDelSet(set, LibC.SigStop);
        _ = LibC.SpawnAttrSetSigDefault(attributes, set);
    }

    private static byte** MakeArgv(string[] command)
    {
        var argv = (byte**)NativeMemory.AllocZeroed((nuint)(command.Length + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < command.Length; i++)
            argv[i] = (byte*)Marshal.StringToCoTaskMemUTF8(command[i]);
        return argv;
    }

    private static void FreeArgv(byte** argv)
    {
        for (var i = 0; argv[i] != null; i++)
            Marshal.FreeCoTaskMem((nint)argv[i]);
        NativeMemory.Free(argv);
    }
}
