using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bootstrapper.Cli;

/// <summary>
/// The terminal, with every key passed on as it is typed, Ctrl-C too, and nothing shown by itself, until it is disposed of.
/// .NET's own console waits for a line. Signals that end the program find it as it was.
/// </summary>
internal sealed partial class RawTerminal : IDisposable
{
    private const int Input = 0, Now = 0; // TCSANOW

    /// <summary>More than a <c>struct termios</c> has, on any machine.</summary>
    private const int Room = 128;

    private static readonly PosixSignal[] Ends =
        [PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGTERM];

    private readonly byte[] _before;
    private readonly List<PosixSignalRegistration> _signals;

    private RawTerminal(byte[] before)
    {
        _before = before;
        _signals = [.. Ends.Select(end => PosixSignalRegistration.Create(end, _ => Restore()))];
    }

    /// <returns><c>null</c> where there is none.</returns>
    public static RawTerminal? Take()
    {
        var before = new byte[Room];
        if (Console.IsOutputRedirected || GetAttributes(Input, before) != 0)
        {
            return null;
        }

        byte[] raw = [.. before];
        MakeRaw(raw);
        var terminal = new RawTerminal(before);
        if (SetAttributes(Input, Now, raw) == 0)
        {
            return terminal;
        }

        terminal.Dispose();
        return null;
    }

    /// <summary>What is typed; a read waits for the next key, and cannot be told to end.</summary>
    public static FileStream Keys() => new(new SafeFileHandle(Input, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    public void Dispose()
    {
        Restore();
        _signals.ForEach(signal => signal.Dispose());
    }

    private void Restore() => _ = SetAttributes(Input, Now, _before);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetAttributes(int descriptor, Span<byte> attributes);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAttributes(int descriptor, int when, ReadOnlySpan<byte> attributes);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void MakeRaw(Span<byte> attributes);
}
