using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Rendering.Configs;

/// <summary>One setting of update_engine or locksmith.</summary>
internal sealed record UpdateSetting(UpdateVariable Variable, string Value);

/// <summary>A setting as cloud-config calls it, and as the file that both programs read does.</summary>
/// <param name="Section">Below <c>coreos</c>.</param>
/// <param name="Name">In <c>/etc/flatcar/update.conf</c>.</param>
internal sealed record UpdateVariable(string Section, ValueKey<string> Key, string Name)
{
    public const string File = "/etc/flatcar/update.conf";
}
