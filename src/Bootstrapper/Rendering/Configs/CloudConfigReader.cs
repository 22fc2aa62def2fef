using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Reading;
using Bootstrapper.Cluster.Yaml;

namespace Bootstrapper.Rendering.Configs;

/// <summary>
/// Reads a cloud-config, in the dialect of coreos-cloudinit, into a <see cref="NodeConfig"/>, or says all that is wrong with it.
/// </summary>
internal static partial class CloudConfigReader
{
    public const string Header = "#cloud-config";

    /// <summary>
    /// Whatever the text is, this returns. Positions are places in the text; whatever is reported makes it unfit for use.
    /// </summary>
    public static ConfigReading Read(string text)
    {
        if (!HasHeader(text))
        {
            return new ConfigReading(
                null, [], [Problem.Error("", $"the first line must be {Header}") with { Position = new Position(1, 1) }]);
        }

        var findings = new Findings();
        var warnings = new List<Problem>();
        var root = YamlText.Parse(text, findings.Problems, WithUnderscores);
        var section = root is null ? null : Section.Read(root, CloudConfigKeys.All, findings);
        var config = section is null ? null : Config(section, findings, warnings);
        return new ConfigReading(findings.Problems.Count == 0 ? config : null, warnings, findings.Problems)
        {
            UpdateWarnings = section is null ? [] : [.. CoreOSUpdateKeys.Warnings(section)],
        };
    }

    /// <summary>Blanks behind it, and the CR of Windows' lines, do not matter to coreos-cloudinit.</summary>
    public static bool HasHeader(string text) => text.Split('\n', 2)[0].TrimEnd() == Header;

    /// <summary>
    /// coreos-cloudinit took <c>reboot-strategy</c> for <c>reboot_strategy</c> until Flatcar's 1.14; we write it anew.
    /// </summary>
    private static string WithUnderscores(string key) => key.Replace('-', '_');

    private static NodeConfig Config(Section section, Findings findings, List<Problem> warnings)
    {
        var paths = new WrittenPaths(findings);
        var hostName = section.Get(CloudConfigKeys.HostName);
        var hosts = section.Get(CloudConfigKeys.ManageEtcHosts);
        paths.Claim("/etc/hosts", hosts);
        var config = new NodeConfig
        {
            HostName = hostName?.Value,
            ManagesEtcHosts = hosts is not null,
            SshAuthorizedKeys = section.Values(CloudConfigKeys.SshAuthorizedKeys),
            Users = Users(section, findings),
            Files =
            [
                .. section.Sections(CloudConfigKeys.WriteFiles).Select(file => File(file, paths, findings, warnings))
                    .OfType<NodeFile>(),
            ],
            Units = Units(section, paths, findings, warnings),
            Updates = Updates(section, paths),
        };
        paths.Claim("/etc/hostname", hostName ?? hosts);
        paths.RefuseFilesAsDirectories();
        return config;
    }

    private static IReadOnlyList<UpdateSetting> Updates(Section section, WrittenPaths paths)
    {
        var settings =
            from variable in CoreOSUpdateKeys.Variables
            let value = section.Get(variable.Key)
            where value is not null
            select (variable, value);
        var all = settings.ToList();
        paths.Claim(UpdateVariable.File, all.FirstOrDefault().value);
        return [.. all.Select(setting => new UpdateSetting(setting.variable, setting.value.Value))];
    }
}

/// <summary>A config when nothing is wrong with the text.</summary>
/// <param name="Warnings">What is no mistake, but hardly what its author expects.</param>
internal sealed record ConfigReading(
    NodeConfig? Config, IReadOnlyList<Problem> Warnings, IReadOnlyList<Problem> Problems)
{
    /// <summary>Likewise of settings that the description may have, too.</summary>
    public IReadOnlyList<Problem> UpdateWarnings { get; init; } = [];
}
