namespace Bootstrapper.Host;

/// <summary>A file that an operator names, before it is opened: to open a pipe takes until somebody writes into it.</summary>
internal static class NamedFile
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <param name="hint">What to do where there is none.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is a directory, a pipe, a socket or a device.</exception>
    public static void Require(string file, string? hint = null)
    {
        if (FileStamp.KindOf(file) is var kind && kind is not FileStamp.PlainFile)
        {
            throw kind is null
                ? new FileNotFoundException($"{file}: there is no such file{(hint is null ? "" : $"; {hint}")}")
                : new InvalidDataException($"{file} is {kind}: name a file");
        }
    }

    /// <exception cref="InvalidDataException">It is not its owner's alone.</exception>
    public static void RequireSecret(string file)
    {
        if (IsOpenToOthers(file))
        {
            throw new InvalidDataException($"{file} can be read by others: chmod 600 {file}");
        }
    }

    public static bool IsOpenToOthers(string file) => (File.GetUnixFileMode(file) & Others) != UnixFileMode.None;
}
