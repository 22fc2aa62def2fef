using System.CommandLine.Parsing;
using Bootstrapper.Host;

namespace Bootstrapper.Cli;

/// <summary>A description that is read here and sent to a bootstrapper that runs.</summary>
internal static class SentDescription
{
    /// <param name="named">A file, or the directory of one.</param>
    /// <exception cref="ApiException">It cannot be read, or nothing is in it: that must not be taken for the one on disk.</exception>
    public static string Read(string named)
    {
        var file = Directory.Exists(named) ? new Bsroot(Path.GetFullPath(named)).Description : named;
        try
        {
            var text = Utf8File.Read(file);
            return string.IsNullOrWhiteSpace(text)
                ? throw new ApiException(ExitCode.InvalidInput, $"{file} is empty: expected a description")
                : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ApiException(ExitCode.MissingInput, e.Message);
        }
    }

    /// <summary>An empty name, as of a script's variable that was not set, does not stand for the default.</summary>
    public static void RefuseEmpty(SymbolResult result)
    {
        if (result.Tokens.Any(token => token.Value.Length == 0))
        {
            result.AddError("the name of a file is empty: expected one, or leave it out");
        }
    }
}
