namespace Bootstrapper.Rendering;

/// <summary>Text that is one word to a shell, whatever is in it.</summary>
internal static class ShellWord
{
    public static string Of(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
