using System.Text.RegularExpressions;

namespace Bootstrapper.Rehearsal;

/// <summary>Reads the scripts that our own bootstrapper gives to iPXE; other scripts it does not understand.</summary>
internal static partial class IpxeReader
{
    /// <summary>What a script has a machine do.</summary>
    /// <param name="values">What iPXE knows of the machine, by the names that scripts have for it.</param>
    /// <param name="from">Where the script came from: what it names is below that.</param>
    public static IpxeOrder Read(string script, IReadOnlyDictionary<string, string> values, Uri from)
    {
        var filled = Variable().Replace(script, variable => values.GetValueOrDefault(variable.Groups["name"].Value, ""));
        var lines = filled.Split('\n').Select(line => line.Split(" || ")[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 1).ToList();
        Uri Named(string[] words) => new(from, words[1]);

        if (lines.Find(words => words[0] == "kernel") is { } kernel)
        {
            return new IpxeOrder(IpxeAct.Boot)
            {
                Files = [Named(kernel), .. lines.Where(words => words[0] == "initrd").Select(Named)],
                Arguments = kernel[2..],
            };
        }

        return filled.Contains(":waiting\n", StringComparison.Ordinal) ? new IpxeOrder(IpxeAct.Wait)
            : lines.Find(words => words[0] == "chain") is { } chain ? new IpxeOrder(IpxeAct.Chain) { Files = [Named(chain)] }
            : new IpxeOrder(IpxeAct.LocalDisk);
    }

    [GeneratedRegex(@"\$\{(?<name>[^}]*)\}")]
    private static partial Regex Variable();
}

internal enum IpxeAct
{
    Chain,
    Boot,
    LocalDisk,
    Wait,
}

/// <param name="Act">What to do.</param>
internal sealed record IpxeOrder(IpxeAct Act)
{
    /// <summary>The script to go on with; the kernel, and behind it its initial RAM disks.</summary>
    public IReadOnlyList<Uri> Files { get; init; } = [];

    /// <summary>The kernel's.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
