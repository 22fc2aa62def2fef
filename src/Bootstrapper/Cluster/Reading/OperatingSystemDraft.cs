using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Cluster.Reading;

/// <summary>What the file says of the operating system and its updates.</summary>
internal sealed record OperatingSystemDraft
{
    public required Stated<OperatingSystemName>? Name { get; init; }

    public required Stated<string>? Channel { get; init; }

    public required Stated<string>? Version { get; init; }

    public required IReadOnlyList<Uri> Mirrors { get; init; }

    public required string? SigningKey { get; init; }

    public required Stated<InstallMethod>? InstallMethod { get; init; }

    public required Stated<Transcoding>? Transcoding { get; init; }

    public required IReadOnlyList<string> KernelArguments { get; init; }

    /// <summary><c>null</c> where the key is not there.</summary>
    public required ImageDraft? Image { get; init; }

    public required Stated<bool>? UpdateEnabled { get; init; }

    public required Stated<TimeSpan>? UpdateInterval { get; init; }

    public required Stated<int>? UpdateKeep { get; init; }

    public required Stated<ConfigFormat>? Config { get; init; }

    public required Stated<string>? RebootStrategy { get; init; }

    public required Stated<string>? WindowStart { get; init; }

    public required Stated<string>? WindowLength { get; init; }

    public static OperatingSystemDraft Read(YamlMap map)
    {
        var (os, coreos) = (map.Section(ClusterKeys.Os), map.Section(ClusterKeys.CoreOs));
        var update = os.Section(OsKeys.Update);
        return new OperatingSystemDraft
        {
            Name = map.Get(ClusterKeys.OsName),
            Channel = map.Get(ClusterKeys.Channel),
            Version = map.Get(ClusterKeys.Version),
            Mirrors = [.. os.Lines(OsKeys.BaseUrl).Select(mirror => mirror.Value)],
            SigningKey = os.Get(OsKeys.SigningKey)?.Value,
            InstallMethod = os.Get(OsKeys.InstallMethod),
            Transcoding = os.Get(OsKeys.Transcode),
            KernelArguments = [.. os.List(OsKeys.KernelArguments).Select(argument => argument.Value)],
            Image = ImageDraft.Read(os),
            UpdateEnabled = update.Get(UpdateKeys.Enabled),
            UpdateInterval = update.Get(UpdateKeys.Interval),
            UpdateKeep = update.Get(UpdateKeys.Keep),
            Config = map.Get(ClusterKeys.Config),
            RebootStrategy = coreos.Get(CoreOsKeys.RebootStrategy),
            WindowStart = coreos.Has(CoreOsKeys.TimeLength)
                ? coreos.Require(CoreOsKeys.StartTime)
                : coreos.Given(CoreOsKeys.StartTime),
            WindowLength = coreos.Has(CoreOsKeys.StartTime)
                ? coreos.Require(CoreOsKeys.TimeLength)
                : coreos.Given(CoreOsKeys.TimeLength),
        };
    }
}

/// <summary>The section <c>os.image</c> as far as it could be read.</summary>
internal sealed record ImageDraft(Stated<string>? Path, Stated<string>? Sha256)
{
    public static ImageDraft? Read(YamlMap os) => os.GivenSection(OsKeys.Image) switch
    {
        { } image => new ImageDraft(image.Get(ImageKeys.Path), image.Get(ImageKeys.Sha256)),
        null when os.Has(OsKeys.Image) => new ImageDraft(Path: null, Sha256: null),
        null => null,
    };
}
