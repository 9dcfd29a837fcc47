using BinAuthz.Emulator.Hosting;
using Google.Cloud.Location;
using Grpc.Core;

namespace BinAuthz.Emulator.Iam;

/// <summary>The location mix-in of Cloud KMS and Artifact Registry.</summary>
internal sealed class LocationService : Locations.LocationsBase
{
    private static readonly string[] Known = ["global", "us", "europe", "asia", "us-central1", "us-east1", "us-west1", "europe-west1", "europe-west3", "europe-west4", "asia-northeast1", "asia-southeast1"];

    public override Task<ListLocationsResponse> ListLocations(ListLocationsRequest request, ServerCallContext context)
    {
        var parent = request.Name == "locations" ? "" : request.Name + "/";
        return Task.FromResult(new ListLocationsResponse { Locations = { Known.Select(id => Describe($"{parent}locations/{id}", id)) } });
    }

    public override Task<Location> GetLocation(GetLocationRequest request, ServerCallContext context)
    {
        var id = request.Name[(request.Name.LastIndexOf('/') + 1)..];
        return Known.Contains(id) ? Task.FromResult(Describe(request.Name, id)) : throw Errors.NotFound($"Location '{id}' is not found or access is unauthorized.");
    }

    private static Location Describe(string name, string id) => new() { Name = name, LocationId = id };
}
