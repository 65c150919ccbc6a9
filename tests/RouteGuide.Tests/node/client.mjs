// A stock client: grpc-js, and the contract written down by its field numbers instead of read from our .proto file.
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';

const int32 = id => ({ type: 'int32', id });
const definition = protoLoader.fromJSON({
  nested: { routeguide: { nested: {
    Point: { fields: { latitude: int32(1), longitude: int32(2) } },
    Rectangle: { fields: { lo: { type: 'Point', id: 1 }, hi: { type: 'Point', id: 2 } } },
    Feature: { fields: { name: { type: 'string', id: 1 }, location: { type: 'Point', id: 2 } } },
    RouteNote: { fields: { location: { type: 'Point', id: 1 }, message: { type: 'string', id: 2 } } },
    RouteSummary: { fields: { pointCount: int32(1), featureCount: int32(2), distance: int32(3), elapsedTime: int32(4) } },
    RouteGuide: { methods: {
      GetFeature: { requestType: 'Point', responseType: 'Feature' },
      ListFeatures: { requestType: 'Rectangle', responseType: 'Feature', responseStream: true },
      RecordRoute: { requestType: 'Point', requestStream: true, responseType: 'RouteSummary' },
      RouteChat: { requestType: 'RouteNote', requestStream: true, responseType: 'RouteNote', responseStream: true },
    } },
  } } },
}, { keepCase: false, longs: Number, defaults: true });

const { routeguide } = grpc.loadPackageDefinition(definition);
const client = new routeguide.RouteGuide(process.argv[2], grpc.credentials.createInsecure());
const deadline = () => ({ deadline: Date.now() + 10_000 });
const known = { latitude: 409146138, longitude: -746188906 };

const unary = point => new Promise((resolve, reject) =>
  client.getFeature(point, deadline(), (error, feature) => error ? reject(error) : resolve(feature)));

const collect = stream => new Promise((resolve, reject) => {
  const all = [];
  stream.on('data', item => all.push(item));
  stream.on('error', reject);
  stream.on('end', () => resolve(all));
});

const record = points => new Promise((resolve, reject) => {
  const call = client.recordRoute(deadline(), (error, summary) => error ? reject(error) : resolve(summary));
  points.forEach(point => call.write(point));
  call.end();
});

const chat = notes => {
  const call = client.routeChat(deadline());
  const answers = collect(call);
  notes.forEach(note => call.write(note));
  call.end();
  return answers;
};

const place = { latitude: 7, longitude: Number(process.argv[3]) };
console.log(JSON.stringify({
  feature: await unary(known),
  nothing: await unary({ latitude: 0, longitude: 0 }),
  list: (await collect(client.listFeatures({
    lo: { latitude: 400000000, longitude: -750000000 }, hi: { latitude: 420000000, longitude: -730000000 },
  }, deadline()))).length,
  summary: await record([known, { latitude: 0, longitude: 0 }, known]),
  notes: await chat(['one', 'two', 'three'].map(message => ({ location: place, message }))),
  error: await unary({ latitude: 2000000000, longitude: 0 }).catch(error => ({ code: error.code, details: error.details })),
}));
client.close();
