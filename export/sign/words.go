package sign

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/x509"
	"strings"
)

// wordRounds makes looking for a certificate with somebody else's words
// expensive: four words are 40 bits, which a graphics card would go through in
// minutes, and each try now costs 2^18 hashes more. A person waits a tenth of a
// second.
const wordRounds = 1 << 18

// Words returns four words that stand for a certificate, to be read out over
// the telephone before a key is confirmed. They depend on every byte of the
// certificate. They are English in every language, as the names of notes and
// planes are, so that both ends read the same.
func Words(cert *x509.Certificate) [4]string {
	fingerprint := sha256.Sum256(cert.Raw)
	key, err := pbkdf2.Key(sha256.New, string(fingerprint[:]), []byte("four words"), wordRounds, 5)
	if err != nil {
		panic("sign: internal error: parameters of our own")
	}
	bits := uint64(0)
	for _, b := range key {
		bits = bits<<8 | uint64(b)
	}
	list := strings.Fields(words)
	var out [4]string
	for i := range out {
		out[i] = list[bits>>(30-10*i)&1023]
	}
	return out
}

// words are 1024 short, plain things that are hard to mistake for one another
// in a bad connection. The order is part of what a word means: a word that is
// replaced changes the words of certificates that people have already heard.
const words = `
acorn acre acrobat actor adobe agate album alley almanac almond altar amber
anchor ankle anthem antler apple apricot apron arcade arch archer arena armor
aroma arrow artist atlas attic aunt autumn avenue avocado baby bacon badge
bagel baker balcony ball ballet balloon bamboo banana bandana banjo banner
barber barge bark barley barn barrel basil basin basket bath beach beacon bead
beak beam bean bear beard beaver bed bee beetle bell belt bench beret berry
bicycle bird biscuit bison blanket blender blizzard blossom blouse boat
bonfire bonnet book boot bottle boulder bowl box bracelet branch brass bread
breeze brick bridge broom brother brush bubble bucket buckle bugle bulb
bungalow bunny bus bush butter button cabbage cabin cable cactus cadet cake
calendar calf camel camera camp camper canal canary candle candy canoe canvas
canyon cape captain car caramel card cargo carnival carpet carrot cart cashew
castle cat cattle cave cedar ceiling celery cello cement chain chair chalet
chalk channel charcoal chariot cheese cherry chess chest chestnut chicken
chimney chin choir chorus cider cinema cinnamon circle circus citrus city clam
clarinet clay cliff clipper cloak clock cloth cloud clover clown coach coal
coast coat cobalt cobbler cobweb coconut coffee coin collar comedy comet
compass concert cook cookie copper coral cork corn cottage cotton couch cougar
county cousin cow coyote crab cradle crane crater crayon cream creek crew
cricket crocus crown crumb crystal cup cupboard currant curry curtain cushion
cyclone cymbal daffodil dairy daisy dam dance dancer dawn deck deer delta
denim dentist desert desk dew diamond diary dice dinner dish doctor dog doll
dolphin domino donkey donut door dough dove dragon drawer dream dress drum
duck dune dusk dust eagle earth easel east echo eclipse edge egg elbow
elephant elevator elk elm ember emblem emerald engine envelope evening eye
fabric face factory falcon family fan farm father feast feather fence fender
fern ferry fiddle fiddler field fig finch finger fire fish fjord flag flame
flamingo flannel flask fleet flock floor flour flower flute fog foghorn folder
foot forest fork fossil foundry fountain fox frame frog frost fruit fudge
funnel gadget galaxy garage garden garland garlic gate gazelle gem geyser
ghost giant ginger giraffe glacier glass globe glove glue goat gold gondola
goose gorilla grain grape grass gravel gravy grotto guitar gull gum gumdrop
gutter hail hair hall hammer hammock hand harbor harness harp harvest hat hawk
hay hazel heart heather hedge helmet hen herb heron hill hinge hippo hive
hockey holly honey hood hoof hook horn hornet horse hotel hour house hummus
hut ice igloo inch ink insect iris iron island ivory ivy jackal jacket jaguar
jam jar jasmine jaw jeans jelly jersey jewel jigsaw jug juice jungle juniper
kangaroo kayak kennel kettle key kidney king kitchen kite kitten kiwi knee
knight knob knot koala label lace ladder lady lagoon lake lamb lamp lantern
lap laundry lava lavender lawn leaf leather ledge leek leg lemon lentil
leopard letter lettuce library lid lighter lily lime linen lion lip list
lizard llama lobster lock locket log loom lotus lumber lunch lynx machine
magnet magpie mango mantle map maple marble market marsh mask mast mat meadow
medal melody melon mermaid metal meteor mill mineral mint minute mirror mitten
model mole money monkey month moon moose morning mosaic moss moth mother motor
mountain mouse mouth movie mud muffin mule muscle museum mushroom music
mustard nail napkin navy neck necklace needle nephew nest net nettle nickel
niece night noodle noon north nose notebook nugget nurse nut nutmeg oak oasis
oat ocean octopus office oil olive onion opal opera orange orbit orchard
orchid organ ostrich otter oven owl oyster paddle page pail paint pajama
palace palm pan panda panel pansy panther papaya paper parade parcel park
parrot parsley party pasta paste patch path peach peacock peanut pear pearl
pebble pedal pelican pen pencil penguin penny pepper perch perfume person
petal phone photo piano pickle picnic picture pie pig pigeon pillow pilot pin
pine pipe pirate pizza plane planet plank plate plaza plum plumber pocket poem
poet pole pond pony poodle popcorn poppy porch portrait postcard pot potato
pottery powder prairie prince prune puddle pulley pumpkin pupil puppet puppy
purse puzzle pyramid quail quarry quartz queen quill quilt quiver rabbit
raccoon racket radar radio radish raft rail rain rainbow raisin rake ranch
rattle raven razor recipe reed reef reindeer relish ribbon rice riddle ring
river road roast robe robin robot rock rocket roof rooster root rope rose
rowboat rubber ruby rudder rug ruler runner rye sack saddle sage sail sailor
salad salmon salt sand sandal sapphire sardine satchel saturn sauce sausage
saw scale scarf school science scissors scooter scout screen screw scroll
sculptor seal season seat second seed sesame shadow shark shawl shed sheep
sheet shelf shell shepherd shield ship shirt shoe shop shore shoulder shovel
shower shrimp silk silver singer sink sister skate ski skirt skunk sky sled
sleeve slipper slope sloth smile smoke snail snake snow soap sock soda sofa
soil song soup south spade spaniel sparrow spider spinach spiral sponge spoon
spring spruce square squash squid squirrel stable stadium stage stair stamp
star statue steam steel stem step stew stick stone stool stork storm stove
straw street string studio subway sugar suit suitcase summer summit sun sunset
swallow swamp swan sweater swing syrup table tablet tailor tango tank tape
target tart taxi tea teacher teapot teeth tennis tent theater thimble thistle
thorn thread throat throne thumb thunder ticket tide tiger tile timber tin
toad toast toe tomato tongue tool tooth torch tornado tortoise toucan towel
tower town tractor trail train trapeze tray treasure tree tribe trolley trophy
trout truck trumpet trunk tuba tulip tuna tunnel turkey turnip turtle tweezers
twig twin umbrella uncle unicorn uniform valley van vanilla vase velvet
veranda vest village vine vinegar violet violin visitor volcano voyage vulture
wafer wagon waist waiter wall wallet walnut walrus waltz wand wardrobe wasp
watch water wave wax weasel weather web wedding weed well west whale wheat
wheel whisker whistle wick wig willow wind window wing winter wizard wolf wood
wool word worker world worm wreath wren wrist yacht yak yard yarn year yeast
yellow yogurt yolk youth zebra zipper zoo zucchini
`
