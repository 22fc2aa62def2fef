using System.Runtime.InteropServices;
using System.Text;
using Spectre.Console;

namespace Bootstrapper.Cli;

/// <summary>
/// The terminal at which somebody reads. As soon as .NET's console writes anything, or asks how wide the terminal is, it has the
/// arrow keys send other codes (terminfo's smkx), and leaves them so for whatever reads them next; in front of a pipe, too. So
/// what is written goes past it.
/// </summary>
internal static partial class Terminal
{
    private const int Output = 1, Error = 2;

    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ (ioctl_tty(2))

    private static readonly Lazy<IAnsiConsole> Drawn =
        new(() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new Paper() }));

    /// <summary>For what is in colour, or in place.</summary>
    public static IAnsiConsole Screen => Drawn.Value;

    /// <summary>In characters.</summary>
    public static int Width => Size().Columns;

    /// <summary>Before anything is written.</summary>
    public static void Take()
    {
        Console.SetOut(new StreamWriter(new StandardStream(Output)) { AutoFlush = true });
        Console.SetError(new StreamWriter(new StandardStream(Error)) { AutoFlush = true });
    }

    /// <summary>What every terminal had once, where it does not say.</summary>
    private static (int Columns, int Lines) Size() =>
        Control(Output, GetWindowSize, out var size) == 0 && size is { Columns: > 0, Lines: > 0 }
            ? (size.Columns, size.Lines)
            : (80, 24);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, nuint request, out WindowSize size);

    /// <summary><c>struct winsize</c></summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct WindowSize(ushort Lines, ushort Columns, ushort Width, ushort Height);

    private sealed class Paper : IAnsiConsoleOutput
    {
        public TextWriter Writer => Console.Out;

        public bool IsTerminal => true;

        public int Width => Size().Columns;

        public int Height => Size().Lines;

        public void SetEncoding(Encoding encoding)
        {
            // UTF-8, as all that is written
        }
    }
}
