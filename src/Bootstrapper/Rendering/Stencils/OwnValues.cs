namespace Bootstrapper.Rendering.Stencils;

/// <summary>
/// The values that differ between nodes which are described alike, by number: those of <see cref="NodeModel"/> by name, then what
/// is in each of its <see cref="NodeModel.NetworkFiles"/>, and in each of its <see cref="NodeModel.PkiFiles"/>.
/// </summary>
internal static class OwnValues
{
    /// <summary>Of a node with more of them nothing is filled in.</summary>
    public const int MostNetworkFiles = 32;

    private static readonly (string Name, Func<NodeModel, string?> Of)[] Named =
    [
        (nameof(NodeModel.Hostname), model => model.Hostname),
        (nameof(NodeModel.Mac), model => model.Mac),
        (nameof(NodeModel.IP), model => model.IP),
        (nameof(NodeModel.Serial), model => model.Serial),
        (nameof(NodeModel.CaCrt), model => model.CaCrt),
        (nameof(NodeModel.Crt), model => model.Crt),
        (nameof(NodeModel.Key), model => model.Key),
        (nameof(NodeModel.ReportURL), model => model.ReportURL),
        (nameof(NodeModel.APIServerHosts), model => model.APIServerHosts),
        (nameof(NodeModel.StaticAddress), model => model.StaticAddress),
        (nameof(NodeModel.OtherAPIServers), model => model.OtherAPIServers),
        (nameof(NodeModel.EtcdHost), model => model.EtcdHost),
        (nameof(NodeModel.EtcdListen), model => model.EtcdListen),
        (nameof(NodeModel.OtherEtcdEndpoints), model => model.OtherEtcdEndpoints),
    ];

    public static IEnumerable<string> Names => Named.Select(value => value.Name).Append(nameof(NodeModel.NetworkFiles));

    /// <param name="name">One of <see cref="Names"/>, but for those of files.</param>
    public static int NumberOf(string name) => Array.FindIndex(Named, value => value.Name == name);

    public static int NumberOfNetworkFile(int index) => Named.Length + index;

    public static int NumberOfFile(int index) => Named.Length + MostNetworkFiles + index;

    public static bool IsOfFile(int number) => number >= NumberOfFile(0);

    /// <param name="withFiles">Else they are left out: to ask for them issues certificates.</param>
    public static IReadOnlyList<string?> Of(NodeModel model, bool withFiles) =>
    [
        .. Named.Select(value => value.Of(model)),
        .. NetworkFiles(model),
        .. withFiles ? model.PkiFiles?.Select(file => file.Content) ?? [] : [],
    ];

    private static string?[] NetworkFiles(NodeModel model)
    {
        var contents = new string?[MostNetworkFiles];
        foreach (var (index, file) in model.NetworkFiles?.Take(MostNetworkFiles).Index() ?? [])
        {
            contents[index] = file.Content;
        }

        return contents;
    }
}
